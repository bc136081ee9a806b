/** The definition of an alarm as it is typed: what this form knows of it; the rest of the body stays as it was. */
import type { Body } from "@/api/tags";
import type { Quantity } from "@/api/configuration";
import type { TrendMarks } from "@/ui/trend-marks";

/** One limit of an alarm as it is typed. */
export interface LimitDraft {
  /** Which of several; empty for the only one. */
  level: string;
  limit: string;
  deadband: string;
}

export interface DefinitionDraft {
  limits: readonly LimitDraft[];
  priority: string;
  on_delay_s: string;
  off_delay_s: string;
  area: string;
  description: string;
  cause: string;
  action: string;
}

export type TextField = Exclude<keyof DefinitionDraft, "limits">;

const WORDS: readonly TextField[] = ["area", "description", "cause", "action"];
const DELAYS: readonly TextField[] = ["on_delay_s", "off_delay_s"];
const DELAY_MAX = 86_400;

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const conditionOf = (body: Body): Record<string, unknown> => (body["condition"] ?? {}) as Record<string, unknown>;

const LEVELS = ["high_high", "high", "low", "low_low"];

/** The limits that the alarm compares with, as they are written, the highest first. */
function limitsIn(body: Body): { level: string; given: Record<string, unknown> }[] {
  const condition = conditionOf(body);
  if (typeof condition["limit"] === "number") return [{ level: "", given: condition }];
  if (condition["kind"] !== "levels") return [];
  return LEVELS.filter((level) => condition[level]).map((level) => ({ level, given: condition[level] as Record<string, unknown> }));
}

/** Where a field of a limit is in the body. */
export const pathOf = (level: string, field: "limit" | "deadband"): string => ["condition", level, field].filter(Boolean).join(".");

export function draftOf(body: Body): DefinitionDraft {
  return {
    limits: limitsIn(body).map(({ level, given }) => ({ level, limit: text(given["limit"]), deadband: text(given["deadband"] ?? 0) })),
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

const isShare = (typed: string): boolean => typed.trim().endsWith("%");

/** What is wrong with each field, as a word, by its path in the body. */
export function mistakesIn(draft: DefinitionDraft): Partial<Record<string, Mistaken>> {
  const wrong: Partial<Record<string, Mistaken>> = {};
  for (const { level, limit, deadband } of draft.limits) {
    if (numberOf(limit) === null) wrong[pathOf(level, "limit")] = "number";
    if (!isShare(deadband) && (numberOf(deadband) ?? -1) < 0) wrong[pathOf(level, "deadband")] = "positive";
  }
  for (const field of DELAYS) {
    const value = numberOf(draft[field]);
    if (value === null || value < 0 || value > DELAY_MAX) wrong[field] = "delay";
  }
  return wrong;
}

/** The body with what was typed; what is at its default is left out, as everywhere. */
export function bodyOf(before: Body, draft: DefinitionDraft): Body {
  const body: Record<string, unknown> = { ...before, priority: Number(draft.priority) };
  const condition = { ...conditionOf(before) };
  for (const { level, limit, deadband } of draft.limits) {
    const typed = { limit: numberOf(limit), deadband: isShare(deadband) ? deadband.trim() : numberOf(deadband) };
    if (level === "") Object.assign(condition, typed);
    else condition[level] = { ...(condition[level] as object), ...typed };
  }
  if (draft.limits.length > 0) body["condition"] = condition;
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

/** The limits as lines and the deadbands as bands, in the tag's unit; null while none is a number. */
export function marksOf(body: Body, draft: DefinitionDraft, tag: Measured, quantities: readonly Quantity[]): TrendMarks | null {
  const { kind, unit } = conditionOf(body);
  const { slope, start } = lineTo(text(unit), tag, quantities);
  const sizeOf = (typed: string): number => {
    if (!isShare(typed)) return (numberOf(typed) ?? 0) * slope;
    return ((numberOf(typed.trim().slice(0, -1)) ?? 0) / 100) * (tag.range ? tag.range[1] - tag.range[0] : 0);
  };
  const lines: number[] = [];
  const bands: [number, number][] = [];
  for (const { level, limit, deadband } of draft.limits) {
    const value = numberOf(limit);
    if (value === null) continue;
    const line = value * slope + start;
    const size = sizeOf(deadband);
    const low = (level || text(kind)).startsWith("low");
    lines.push(line);
    if (size > 0) bands.push(low ? [line, line + size] : [line - size, line]);
  }
  return lines.length === 0 ? null : { lines, bands };
}
