/** From the schema of a kind of link to the fields of its form, and between a form's texts and a body. */
import type { FieldSchema, LinkSchema } from "@/api/links";
import type { Body } from "@/api/tags";

export type FieldSort = "text" | "whole" | "number" | "switch" | "choice" | "numbers" | "texts";

export interface Field {
  name: string;
  sort: FieldSort;
  description: string;
  unit: string;
  choices: readonly string[];
  /** Undefined for a field that must be given, null for one that may be absent. */
  default: unknown;
  onlyFor: Readonly<Record<string, readonly (string | boolean)[]>>;
  advanced: boolean;
  maxLength: number;
}

/** A row of a table of names and numbers, as typed. */
export interface Row {
  key: string;
  value: string;
}

export type Typed = string | boolean | Row[];
export type LinkDraft = Readonly<Record<string, Typed>>;

/** Name and kind are shown by themselves. */
const OWN = new Set(["name", "kind"]);

/** The plain one of several ways to write a field; null is one of them for a field that may be absent. */
function plain(schema: FieldSchema): FieldSchema {
  const inner = schema.anyOf?.find((one) => one.type !== "null");
  return inner ? { ...schema, ...inner } : schema;
}

function sortOf(schema: FieldSchema): FieldSort {
  if (schema.enum) return "choice";
  if (schema.type === "boolean") return "switch";
  if (schema.type === "integer") return "whole";
  if (schema.type === "number") return "number";
  if (schema.type === "object") return "numbers";
  return schema.type === "array" ? "texts" : "text";
}

/** The fields of the form, in the order in which it shows them. */
export function fieldsOf(schema: LinkSchema): Field[] {
  return Object.entries(schema.properties)
    .filter(([name]) => !OWN.has(name))
    .map(([name, given]) => {
      const one = plain(given);
      return {
        name,
        sort: sortOf(one),
        description: given.description ?? "",
        unit: given["x-unit"] ?? "",
        choices: one.enum ?? [],
        default: given.default,
        onlyFor: given["x-only-for"] ?? {},
        advanced: given["x-advanced"] ?? false,
        maxLength: one.maxLength ?? 500,
      };
    });
}

/** What the form shows for a value. */
function typedOf(field: Field, value: unknown): Typed {
  if (field.sort === "switch") return value === true;
  if (field.sort === "numbers") return Object.entries((value ?? {}) as Record<string, unknown>).map(([key, number]) => ({ key, value: String(number) }));
  if (field.sort === "texts") return Array.isArray(value) ? value.join("\n") : "";
  return value === null || value === undefined ? "" : String(value);
}

/** The form's texts for a body; what it does not say is at its default. */
export function draftOf(body: Body, fields: readonly Field[]): LinkDraft {
  return Object.fromEntries(fields.map((field) => [field.name, typedOf(field, field.name in body ? body[field.name] : field.default)]));
}

const number = (text: string): number => Number(text.trim().replace(/^(-?\d*),(\d+)$/, "$1.$2"));

/** A number as it was typed; what is none goes to the runtime as it is, which says so. */
function numeric(text: string): number | string {
  const value = number(text);
  return text.trim() === "" || !Number.isFinite(value) ? text.trim() : value;
}

function valueOf(field: Field, typed: Typed): unknown {
  if (field.sort === "numbers") return Object.fromEntries((typed as Row[]).filter((row) => row.key.trim()).map((row) => [row.key.trim(), numeric(row.value)]));
  if (typeof typed === "boolean") return typed;
  const text = (typed as string).trim();
  if (field.sort === "texts") return text.split("\n").map((word) => word.trim()).filter(Boolean);
  if (field.sort === "whole" || field.sort === "number") return text === "" ? null : numeric(text);
  return text;
}

/** Whether the other fields let this one mean something. */
export function isShown(field: Field, draft: LinkDraft): boolean {
  return Object.entries(field.onlyFor).every(([other, values]) => values.includes(draft[other] as string | boolean));
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** True for a value that says nothing; an emptied text does where the default is another one. */
const isNothing = (value: unknown, field: Field): boolean => value === null || (value === "" && !field.default);

/** The body that the form says: what is hidden, empty, or at its default is left out. */
export function bodyOf(name: string, kind: string, draft: LinkDraft, fields: readonly Field[]): Body {
  const body: Body = { name: name.trim(), kind };
  for (const field of fields) {
    const typed = draft[field.name];
    if (typed === undefined || !isShown(field, draft)) continue;
    const value = valueOf(field, typed);
    if (isNothing(value, field) || same(value, field.default)) continue;
    body[field.name] = value;
  }
  return body;
}

/** What no body could hold and would be lost unsaid: a number without a name, or a name that another row has. */
export function rowFault(rows: readonly Row[], at: number): "nameless" | "twice" | null {
  const key = rows[at]?.key.trim();
  if (!key) return rows[at]?.value.trim() ? "nameless" : null;
  return rows.findIndex((row) => row.key.trim() === key) === at ? null : "twice";
}

/** True if every table of the form can be said in a body. */
export const isSayable = (fields: readonly Field[], draft: LinkDraft): boolean =>
  fields.every((field) => {
    const typed = draft[field.name];
    return !Array.isArray(typed) || typed.every((_, at) => rowFault(typed, at) === null);
  });
