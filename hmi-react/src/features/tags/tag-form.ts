/** What the parts of the tag form share: the draft, a way to change it, and what is wrong where. */
import type { Schema } from "@/api/configuration";
import type { Draft, DraftTexts } from "./tag-draft";

export interface TagForm {
  draft: Draft;
  /** False while an existing tag is edited: its name is changed by renaming it. */
  isNew: boolean;
  set(patch: Partial<Draft>): void;
  /** What is wrong with the field, in words. */
  error(path: string): string | undefined;
  /** The most characters that the schema allows. */
  most(field: keyof DraftTexts): number | undefined;
}

/** The fields that the form shows; a mistake elsewhere is told above it. */
export const PATHS = [
  "name", "display_name", "description", "area", "type", "unit", "display_unit", "width", "source", "scan", "expression", "range", "precision", "deadband",
  "history_deadband", "history", "initial", "writable", "write_role", "retained", "states", "scale", "filters", "checks", "output", "estop_input", "metadata", "manufacturer",
  "segment", "kilometre_post",
] as const;

/** The most characters of a text field, by a JSON Schema; undefined if it does not say. */
export function maxLength(schema: Schema | undefined, field: string): number | undefined {
  const properties = schema?.["properties"] as Record<string, Schema> | undefined;
  const described = properties?.[field];
  const kinds = [described, ...((described?.["anyOf"] as Schema[] | undefined) ?? [])];
  const found = kinds.map((kind) => kind?.["maxLength"]).find((most) => typeof most === "number");
  return found as number | undefined;
}
