/** A tag while it is typed: every field as text, as the form holds it; made of a definition, and turned into one. */
import type { Body } from "@/api/tags";
import type { TagType } from "@/api/types";

export type DraftKind = "field" | "soft" | "derived";
export type FilterKind = "first_order" | "moving_average" | "median" | "kalman" | "outlier";
export type CheckField = "max_rate" | "frozen_s" | "stale_s" | "agrees_with" | "within" | "for_s";

export const FILTER_FIELDS: Record<FilterKind, readonly string[]> = {
  first_order: ["time_constant_s"],
  moving_average: ["samples"],
  median: ["samples"],
  kalman: ["process_noise", "measurement_noise"],
  outlier: ["samples", "threshold", "least"],
};
export const CHECK_FIELDS: readonly CheckField[] = ["max_rate", "frozen_s", "stale_s", "agrees_with", "within", "for_s"];
export const WIDTHS = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64"] as const;
export const ROLES = ["viewer", "operator", "supervisor", "engineer", "admin"] as const;

export const RECORDINGS = ["change", "swinging_door", "periodic", "all", "none"] as const;
export type Recording = (typeof RECORDINGS)[number];
export type RecordingField = "deadband" | "deviation" | "interval_s" | "min_interval_s" | "max_interval_s";
/** What can be said of each way to record. */
export const RECORDING_FIELDS: Record<Recording, readonly RecordingField[]> = {
  change: ["deadband", "min_interval_s", "max_interval_s"],
  swinging_door: ["deviation", "max_interval_s"],
  periodic: ["interval_s"],
  all: ["min_interval_s", "max_interval_s"],
  none: [],
};

export interface ScaleDraft {
  points: { raw: string; eng: string }[];
  curve: "linear" | "square_root";
  low: string;
  high: string;
  clamp: boolean;
}

export interface FilterDraft {
  kind: FilterKind;
  fields: Record<string, string>;
}

export interface ConditionDraft {
  expression: string;
  text: string;
}

export const OUTPUT_NUMBERS = ["max_on_s", "min_on_s", "min_off_s", "max_rate", "zero_hold_s", "readback_timeout_s", "readback_tolerance"] as const;
export const OUTPUT_TEXTS = ["zone", "motion", "readback"] as const;

export interface OutputDraft extends Record<(typeof OUTPUT_NUMBERS)[number], string>, Record<(typeof OUTPUT_TEXTS)[number], string> {
  safe: string;
  continuous: boolean;
  estop: boolean;
  restart: "safe" | "hold";
  comm_loss: "safe" | "hold";
  operate: "direct" | "confirm" | "select";
  permissives: ConditionDraft[];
  interlocks: ConditionDraft[];
}

export interface EstopInputDraft {
  pressed: string;
  zone: string;
  on_loss: "trip" | "ignore";
}

export interface PairDraft {
  key: string;
  value: string;
}

/** The fields that are plain texts in the form. */
export interface DraftTexts {
  name: string;
  display_name: string;
  description: string;
  area: string;
  unit: string;
  display_unit: string;
  width: string;
  source: string;
  scan: string;
  expression: string;
  low: string;
  high: string;
  precision: string;
  deadband: string;
  history_deadband: string;
  initial: string;
  write_role: string;
  manufacturer: string;
  segment: string;
  kilometre_post: string;
}

export interface Draft extends DraftTexts {
  type: TagType;
  kind: DraftKind;
  /** Computed by a function of an application: there is no expression to type. */
  byFunction: boolean;
  history: Recording;
  recording: Partial<Record<RecordingField, string>>;
  writable: boolean;
  retained: boolean;
  states: PairDraft[];
  scale: ScaleDraft | null;
  filters: FilterDraft[];
  checks: Record<CheckField, string>;
  output: OutputDraft | null;
  estop_input: EstopInputDraft | null;
  metadata: PairDraft[];
  /** What the form does not show; kept as it is. */
  rest: Body;
}

const KNOWN = new Set([
  "name", "display_name", "description", "area", "unit", "display_unit", "width", "source", "scan", "expression", "range", "precision", "deadband",
  "history_deadband", "initial", "write_role", "manufacturer", "segment", "kilometre_post", "type", "history", "writable", "retained", "states", "scale",
  "filters", "checks", "output", "estop_input", "metadata",
]);

type Part = Record<string, unknown>;
const part = (value: unknown): Part | null => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Part) : null);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown, otherwise = ""): string => (value === undefined || value === null ? otherwise : String(value));
const flag = (value: unknown, otherwise: boolean): boolean => (typeof value === "boolean" ? value : otherwise);
const pairs = (value: unknown): PairDraft[] => Object.entries(part(value) ?? {}).map(([key, one]) => ({ key, value: text(one) }));

function recordingDraft(history: unknown): Pick<Draft, "history" | "recording"> {
  const { mode, ...fields } = part(history) ?? {};
  const recording = Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, text(value)]));
  return { history: history === false ? "none" : (text(mode, "change") as Recording), recording };
}

export const emptyScale = (): ScaleDraft => ({ points: [{ raw: "", eng: "" }, { raw: "", eng: "" }], curve: "linear", low: "", high: "", clamp: false });
export const emptyOutput = (type: TagType = "bool"): OutputDraft => outputDraft({ safe: type === "bool" ? "false" : "0" });
export const emptyFilter = (kind: FilterKind): FilterDraft => ({ kind, fields: Object.fromEntries(FILTER_FIELDS[kind].map((field) => [field, ""])) });

function scaleDraft(scale: Part): ScaleDraft {
  const [raw, eng, limits] = [list(scale["raw"]), list(scale["eng"]), list(scale["limits"])];
  return {
    points: raw.map((one, at) => ({ raw: text(one), eng: text(eng[at]) })),
    curve: scale["curve"] === "square_root" ? "square_root" : "linear",
    low: text(limits[0]),
    high: text(limits[1]),
    clamp: flag(scale["clamp"], false),
  };
}

function filterDraft(filter: Part): FilterDraft {
  const kind = text(filter["kind"], "first_order") as FilterKind;
  return { kind, fields: Object.fromEntries((FILTER_FIELDS[kind] ?? []).map((field) => [field, text(filter[field])])) };
}

function outputDraft(output: Part): OutputDraft {
  const texts = Object.fromEntries([...OUTPUT_NUMBERS, ...OUTPUT_TEXTS].map((field) => [field, text(output[field])])) as Record<(typeof OUTPUT_NUMBERS)[number] | (typeof OUTPUT_TEXTS)[number], string>;
  const conditions = (value: unknown): ConditionDraft[] => list(value).map((one) => ({ expression: text(part(one)?.["expression"]), text: text(part(one)?.["text"]) }));
  return {
    ...texts,
    safe: text(output["safe"]),
    continuous: flag(output["continuous"], false),
    estop: flag(output["estop"], true),
    restart: output["restart"] === "hold" ? "hold" : "safe",
    comm_loss: output["comm_loss"] === "hold" ? "hold" : "safe",
    operate: output["operate"] === "confirm" || output["operate"] === "select" ? output["operate"] : "direct",
    permissives: conditions(output["permissives"]),
    interlocks: conditions(output["interlocks"]),
  };
}

function estopInputDraft(button: Part): EstopInputDraft {
  return { pressed: String(flag(button["pressed"], false)), zone: text(button["zone"]), on_loss: button["on_loss"] === "ignore" ? "ignore" : "trip" };
}

/** The form of a definition; that of a new tag if there is none. */
export function draftOf(body: Body = {}, byFunction = false): Draft {
  const range = list(body["range"]);
  const [scale, output, checks] = [part(body["scale"]), part(body["output"]), part(body["checks"]) ?? {}];
  const button = part(body["estop_input"]);
  const kind = byFunction || body["expression"] !== undefined ? "derived" : body["source"] === undefined || body["source"] === null ? "soft" : "field";
  return {
    name: text(body["name"]),
    display_name: text(body["display_name"]),
    description: text(body["description"]),
    area: text(body["area"]),
    type: text(body["type"], "float") as TagType,
    unit: text(body["unit"]),
    display_unit: text(body["display_unit"]),
    width: text(body["width"]),
    kind,
    byFunction,
    source: text(body["source"]),
    scan: text(body["scan"], "normal"),
    expression: text(body["expression"]),
    low: text(range[0]),
    high: text(range[1]),
    precision: text(body["precision"], "2"),
    deadband: text(body["deadband"]),
    history_deadband: text(body["history_deadband"]),
    ...recordingDraft(body["history"]),
    initial: text(body["initial"]),
    writable: flag(body["writable"], output !== null),
    write_role: text(body["write_role"]),
    retained: flag(body["retained"], false),
    states: pairs(body["states"]),
    scale: scale && scaleDraft(scale),
    filters: list(body["filters"]).map((filter) => filterDraft(part(filter) ?? {})),
    checks: Object.fromEntries(CHECK_FIELDS.map((field) => [field, text(checks[field])])) as Record<CheckField, string>,
    output: output && outputDraft(output),
    estop_input: button && estopInputDraft(button),
    metadata: pairs(body["metadata"]),
    manufacturer: text(body["manufacturer"]),
    segment: text(body["segment"]),
    kilometre_post: text(body["kilometre_post"]),
    rest: Object.fromEntries(Object.entries(body).filter(([field]) => !KNOWN.has(field))),
  };
}

export const isNumeric = (draft: Pick<Draft, "type">): boolean => draft.type === "float" || draft.type === "int";
