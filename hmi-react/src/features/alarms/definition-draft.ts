/** The definition of an alarm as it is typed: what this form knows of it; the rest of the body stays as it was. */
import type { Body } from "@/api/tags";
import type { Quantity } from "@/api/configuration";
import type { TrendMarks } from "@/ui/trend-marks";

export interface DefinitionDraft {
  limit: string;
  deadband: string;
  priority: string;
  on_delay_s: string;
  off_delay_s: string;
  area: string;
  description: string;
  cause: string;
  action: string;
}

type Field = keyof DefinitionDraft;

const WORDS: readonly Field[] = ["area", "description", "cause", "action"];
const DELAYS: readonly Field[] = ["on_delay_s", "off_delay_s"];
const DELAY_MAX = 86_400;

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const conditionOf = (body: Body): Record<string, unknown> => (body["condition"] ?? {}) as Record<string, unknown>;

/** True if the alarm compares with one limit. */
export const hasLimit = (body: Body): boolean => typeof conditionOf(body)["limit"] === "number";

export function draftOf(body: Body): DefinitionDraft {
  const condition = conditionOf(body);
  return {
    limit: text(condition["limit"]),
    deadband: text(condition["deadband"] ?? 0),
    priority: text(body["priority"] ?? 3),
    on_delay_s: text(body["on_delay_s"] ?? 0),
    off_delay_s: text(body["off_delay_s"] ?? 0),
    area: text(body["area"]),
    description: text(body["description"]),
    cause: text(body["cause"]),
    action: text(body["action"]),
  };
}

/** The number that is typed, with point or comma; null if it is none. */
export function numberOf(typed: string): number | null {
  const plain = typed.trim().replace(",", ".");
  const value = Number(plain);
  return plain === "" || !Number.isFinite(value) ? null : value;
}

export type Mistaken = "number" | "positive" | "delay";

/** What is wrong with each field, as a word. */
export function mistakesIn(draft: DefinitionDraft, limited: boolean): Partial<Record<Field, Mistaken>> {
  const wrong: Partial<Record<Field, Mistaken>> = {};
  if (limited && numberOf(draft.limit) === null) wrong.limit = "number";
  if (limited && !draft.deadband.trim().endsWith("%") && (numberOf(draft.deadband) ?? -1) < 0) wrong.deadband = "positive";
  for (const field of DELAYS) {
    const value = numberOf(draft[field]);
    if (value === null || value < 0 || value > DELAY_MAX) wrong[field] = "delay";
  }
  return wrong;
}

/** The body with what was typed; what is at its default is left out, as everywhere. */
export function bodyOf(before: Body, draft: DefinitionDraft): Body {
  const body: Record<string, unknown> = { ...before, priority: Number(draft.priority) };
  if (hasLimit(before)) {
    const deadband = draft.deadband.trim();
    body["condition"] = { ...conditionOf(before), limit: numberOf(draft.limit), deadband: deadband.endsWith("%") ? deadband : numberOf(deadband) };
  }
  for (const field of DELAYS) body[field] = numberOf(draft[field]);
  for (const field of WORDS) body[field] = draft[field].trim();
  return body;
}

interface Measured {
  unit: string;
  range: readonly [number, number] | null;
}

/** From the unit of the definition to that of the tag; the same number without one. */
function lineTo(unit: string, tag: Measured, quantities: readonly Quantity[]): { slope: number; start: number } {
  const units = quantities.flatMap((quantity) => quantity.units);
  const [from, to] = [units.find((one) => one.id === unit), units.find((one) => one.id === tag.unit)];
  if (unit === "" || unit === tag.unit || !from || !to) return { slope: 1, start: 0 };
  return { slope: from.factor / to.factor, start: (from.offset - to.offset) / to.factor };
}

/** The limit as a line and the deadband as a band, in the tag's unit; null while they are no numbers. */
export function marksOf(body: Body, draft: DefinitionDraft, tag: Measured, quantities: readonly Quantity[]): TrendMarks | null {
  const limit = numberOf(draft.limit);
  const { kind, unit } = conditionOf(body);
  if (!hasLimit(body) || limit === null) return null;
  const { slope, start } = lineTo(text(unit), tag, quantities);
  const line = limit * slope + start;
  const typed = draft.deadband.trim();
  const share = typed.endsWith("%") ? numberOf(typed.slice(0, -1)) : null;
  const size = share !== null ? (share / 100) * (tag.range ? tag.range[1] - tag.range[0] : 0) : (numberOf(typed) ?? 0) * slope;
  return { lines: [line], band: size > 0 ? (kind === "low" ? [line, line + size] : [line - size, line]) : null };
}
