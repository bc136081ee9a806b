/** What the address of a trend says: its pens, the span, and what is shown beside the lines. */
import { MAX_PENS } from "@/ui/pens";
import type { FixedCursors } from "@/ui/trend-overlay";
import type { Span } from "@/ui/trend-range";

export const RANGES = [600, 3_600, 28_800, 86_400, 604_800, 2_592_000] as const;
export type Range = (typeof RANGES)[number];

export const COMPARISONS = [0, 3_600, 28_800, 86_400, 604_800, 2_592_000] as const;
export type Comparison = (typeof COMPARISONS)[number];

export const STEPS = ["1s", "10s", "1m", "10m", "1h", "1d"] as const;
export type Step = (typeof STEPS)[number];

const STEP_S: Record<Step, number> = { "1s": 1, "10s": 10, "1m": 60, "10m": 600, "1h": 3_600, "1d": 86_400 };
/** A table is asked for in steps that give about so many rows at most. */
const ROWS = 400;

export interface TrendState {
  pens: string[];
  /** How far back from the present. */
  range: Range;
  /** A fixed span; null follows the present. */
  span: Span | null;
  limits: boolean;
  alarms: boolean;
  /** Annotations. */
  notes: boolean;
  compare: Comparison;
  table: boolean;
  /** null: what suits the span. */
  step: Step | null;
  cursors: FixedCursors | null;
}

/** The words of an address; null takes one away. */
export type Words = Record<string, string | null>;

/** The pens that the address names, each once, not too many. */
export function pensOf(text: string | null): string[] {
  return [...new Set((text ?? "").split(",").filter(Boolean))].slice(0, MAX_PENS);
}

function instant(text: string | null): number | null {
  const ms = text ? Date.parse(text) : Number.NaN;
  return Number.isFinite(ms) ? ms / 1000 : null;
}

const text = (seconds: number): string => new Date(Math.round(seconds * 1000)).toISOString();

/** One of some numbers, or the first if it is none of them. */
const among = <T extends number>(all: readonly T[], word: string | null): T => all.find((one) => word !== null && one === Number(word)) ?? (all[0] as T);

export function readTrend(search: URLSearchParams): TrendState {
  const [start, end, a, b] = ["from", "to", "a", "b"].map((word) => instant(search.get(word)));
  const step = search.get("step");
  return {
    pens: pensOf(search.get("pens")),
    range: among(RANGES, search.get("range")),
    span: typeof start === "number" && typeof end === "number" && start < end ? { start, end } : null,
    limits: search.get("limits") === "1",
    alarms: search.get("alarms") !== "0",
    notes: search.get("notes") !== "0",
    compare: among(COMPARISONS, search.get("compare")),
    table: search.get("view") === "table",
    step: STEPS.find((one) => one === step) ?? null,
    cursors: typeof a === "number" && typeof b === "number" ? { a, b } : null,
  };
}

export const spanWords = (span: Span | null): Words => (span === null ? { from: null, to: null } : { from: text(span.start), to: text(span.end) });

/** Back to the present, so far back. */
export const rangeWords = (range: number): Words => ({ range: String(range), ...spanWords(null) });

export const cursorWords = (cursors: FixedCursors | null): Words => (cursors === null ? { a: null, b: null } : { a: text(cursors.a), b: text(cursors.b) });

/** The fixed cursors of a span: at a third and two thirds of it. */
export const cursorsIn = ({ start, end }: Span): FixedCursors => ({ a: start + (end - start) / 3, b: end - (end - start) / 3 });

/** The nearer cursor is moved to a time. */
export function moved(cursors: FixedCursors, time: number): FixedCursors {
  return Math.abs(time - cursors.a) <= Math.abs(time - cursors.b) ? { ...cursors, a: time } : { ...cursors, b: time };
}

/** The finest step that does not make a table of the span too long. */
export const stepFor = ({ start, end }: Span): Step => STEPS.find((step) => (end - start) / STEP_S[step] <= ROWS) ?? "1d";
