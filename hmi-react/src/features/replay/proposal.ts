/** What a person would change about an alarm, as text while it is typed, and the body that comes of it. */
import type { Body } from "@/api/tags";

export const FIELDS = ["limit", "deadband", "on_delay_s", "off_delay_s"] as const;
export type Field = (typeof FIELDS)[number];

/** What was typed; a field that is missing is as it is today. */
export type Draft = Partial<Record<Field, string>>;
export type Drafts = Readonly<Record<string, Draft>>;

/** Where each field is in the body of an alarm. */
export const PATHS: Record<Field, string> = {
  limit: "condition.limit",
  deadband: "condition.deadband",
  on_delay_s: "on_delay_s",
  off_delay_s: "off_delay_s",
};

const conditionOf = (body: Body): Body => (body["condition"] ?? {}) as Body;

/** Whether the alarm has the field; only those with a limit have a deadband. */
export const hasField = (body: Body, field: Field): boolean => (field !== "limit" && field !== "deadband") || typeof conditionOf(body)["limit"] === "number";

/** The field as it is today; what a body leaves out is 0. */
export function todayOf(body: Body, field: Field): number {
  const holder = field === "limit" || field === "deadband" ? conditionOf(body) : body;
  return Number(holder[field] ?? 0);
}

/** The number that was typed, undefined if it is none. A comma is a decimal point to many. */
export function numberOf(text: string): number | undefined {
  const trimmed = text.trim().replace("\u2212", "-").replace(",", ".");
  const number = Number(trimmed);
  return trimmed === "" || !Number.isFinite(number) ? undefined : number;
}

/** What is wrong with what was typed; the runtime knows the rest. */
export function faultOf(field: Field, text: string): "number" | "negative" | null {
  const number = numberOf(text);
  if (number === undefined) return "number";
  return field !== "limit" && number < 0 ? "negative" : null;
}

/** True if the draft would make the alarm another one. */
export const isChanged = (body: Body, draft: Draft): boolean => FIELDS.some((field) => draft[field] !== undefined && numberOf(draft[field]) !== todayOf(body, field));

export const isFaulty = (draft: Draft): boolean => FIELDS.some((field) => draft[field] !== undefined && faultOf(field, draft[field]) !== null);

/** The body with the changes of the draft. */
export function proposedBody(body: Body, draft: Draft): Body {
  const next: Body = { ...body, condition: { ...conditionOf(body) } };
  for (const field of FIELDS) {
    const text = draft[field];
    const number = text === undefined ? undefined : numberOf(text);
    if (number === undefined) continue;
    if (field === "limit" || field === "deadband") (next["condition"] as Body)[field] = number;
    else next[field] = number;
  }
  return next;
}
