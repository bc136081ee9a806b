/** The changed fields of an object in words. */
import type { FieldChanges } from "@/api/configuration";

/** A value of a definition, as it would be written. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** "range: [0,5] → [0,6]; unit: m → mm" */
export const changesText = (fields: FieldChanges): string =>
  Object.entries(fields)
    .map(([field, [before, after]]) => `${field}: ${valueText(before)} → ${valueText(after)}`)
    .join("; ");
