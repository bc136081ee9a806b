/** Definitions in words, and where two of them differ. */
import type { Body } from "@/api/tags";

export type Part = Record<string, unknown>;

export const isPart = (value: unknown): value is Part => typeof value === "object" && value !== null && !Array.isArray(value);

/** A value of a definition as it is written. */
export function plain(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (isPart(value)) return partWords(value);
  return String(value);
}

/** The fields of a part, such as "samples 5, threshold 3". */
export function partWords(part: Part, without: readonly string[] = []): string {
  return Object.entries(part)
    .filter(([field]) => !without.includes(field))
    .map(([field, value]) => `${field} ${plain(value)}`)
    .join(", ");
}

/** Where two definitions differ: field, ours, theirs. */
export function bodyDiff(ours: Body, theirs: Body): [field: string, ours: string, theirs: string][] {
  const fields = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  return fields
    .filter((field) => JSON.stringify(ours[field]) !== JSON.stringify(theirs[field]))
    .map((field) => [field, plain(ours[field]), plain(theirs[field])]);
}
