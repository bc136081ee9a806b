/** The definition of an alarm while it is typed: every field as text, as the form holds it. */
import type { Body } from "@/api/tags";
import type { TagView } from "@/api/types";
import { isPart, type Part } from "@/ui/body-words";

export const KINDS = [
  "high", "low", "levels", "deviation", "rate_of_change", "bool", "discrete", "discrepancy", "bad_quality", "stale", "plausibility", "comms", "group", "correlated",
] as const;
export type Kind = (typeof KINDS)[number];

export const LEVELS = ["high_high", "high", "low", "low_low"] as const;
export type Level = (typeof LEVELS)[number];

/** only: of a high or low alarm; above, below: how far from a setpoint. */
export type LimitKey = "only" | Level | "above" | "below";
const LIMIT_KEYS: readonly LimitKey[] = ["only", ...LEVELS, "above", "below"];

export const FAULTS = ["rate", "frozen", "stale", "under_range", "over_range", "disagreement"] as const;
export const ACK_MODES = ["required", "auto_on_rtn", "none"] as const;
export const ON_BAD = ["hold", "active", "normal"] as const;

export interface LimitDraft {
  /** There is such a limit. */
  on: boolean;
  /** Whether the limit is a number, or what a tag says. */
  from: "number" | "tag";
  limit: string;
  limit_tag: string;
  deadband: string;
  /** Of the alarm while it is at this level; its own if empty. */
  priority: string;
}

/** The fields that are plain texts in the form. */
export interface DefinitionTexts {
  name: string;
  tag: string;
  description: string;
  area: string;
  alarm_class: string;
  priority: string;
  on_delay_s: string;
  off_delay_s: string;
  realarm_s: string;
  enabled_when: string;
  first_out: string;
  consequence: string;
  cause: string;
  action: string;
  response_s: string;
  display: string;
  // Of the condition; one field for each kind, so that what was typed is still there when the kind is changed back.
  unit: string;
  setpoint: string;
  setpoint_tag: string;
  rising: string;
  falling: string;
  slope_s: string;
  min_samples: string;
  timeout_s: string;
  other: string;
  tolerance: string;
  count: string;
  window_s: string;
  cooldown_s: string;
}

export interface DefinitionDraft extends DefinitionTexts {
  kind: Kind;
  limits: Readonly<Record<LimitKey, LimitDraft>>;
  setpointFrom: "number" | "tag";
  alarm_value: boolean;
  values: readonly string[];
  faults: readonly string[];
  members: readonly string[];
  reflash: boolean;
  ack_mode: string;
  on_bad: string;
  latching: boolean;
  restore_ack: boolean;
  reack_on_escalation: boolean;
  enabled: boolean;
  supersedes: readonly string[];
  /** What the form does not know; kept as it is. */
  rest: Body;
}

/** The limits that a condition of the kind has. */
export function limitKeys(kind: Kind): readonly LimitKey[] {
  if (kind === "high" || kind === "low") return ["only"];
  if (kind === "levels") return LEVELS;
  return kind === "deviation" ? ["above", "below"] : [];
}

/** Where a field of a limit is in the body. */
export function pathOf(key: LimitKey, field = ""): string {
  const part = key === "only" ? "" : key === "above" ? "high" : key === "below" ? "low" : key;
  return ["condition", part, field].filter(Boolean).join(".");
}

/** It watches other alarms and no tag. */
export const watchesAlarms = (kind: Kind): boolean => kind === "group" || kind === "correlated";

const text = (value: unknown, otherwise = ""): string => (typeof value === "string" || typeof value === "number" ? String(value) : otherwise);
const flag = (value: unknown, otherwise: boolean): boolean => (typeof value === "boolean" ? value : otherwise);
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map((one) => text(one)) : []);
const partOf = (value: unknown): Part | null => (isPart(value) ? value : null);

const noLimit = (on: boolean): LimitDraft => ({ on, from: "number", limit: "", limit_tag: "", deadband: "", priority: "" });

function limitDraft(given: Part | null, on: boolean): LimitDraft {
  if (given === null) return noLimit(on);
  const tag = text(given["limit_tag"]);
  return { on: true, from: tag === "" ? "number" : "tag", limit: text(given["limit"]), limit_tag: tag, deadband: text(given["deadband"]), priority: text(given["priority"]) };
}

function limitsOf(kind: Kind, condition: Part): Record<LimitKey, LimitDraft> {
  const own = limitKeys(kind);
  const all = LIMIT_KEYS.map((key): [LimitKey, LimitDraft] => {
    if (!own.includes(key)) return [key, noLimit(key === "only" || key === "high" || key === "above")];
    return [key, limitDraft(key === "only" ? condition : partOf(condition[pathOf(key).slice("condition.".length)]), false)];
  });
  return Object.fromEntries(all) as Record<LimitKey, LimitDraft>;
}

function conditionDraft(kind: Kind, condition: Part) {
  const of = (wanted: Kind, field: string, otherwise = ""): string => (kind === wanted ? text(condition[field], otherwise) : otherwise);
  const setpoint_tag = of("deviation", "setpoint_tag");
  return {
    limits: limitsOf(kind, condition),
    unit: text(condition["unit"]),
    setpoint: of("deviation", "setpoint"),
    setpoint_tag,
    setpointFrom: setpoint_tag === "" ? ("number" as const) : ("tag" as const),
    rising: of("rate_of_change", "rising"),
    falling: of("rate_of_change", "falling"),
    slope_s: of("rate_of_change", "window_s", "10"),
    min_samples: of("rate_of_change", "min_samples", "3"),
    timeout_s: of("stale", "timeout_s"),
    other: of("discrepancy", "other"),
    tolerance: of("discrepancy", "tolerance"),
    count: of("correlated", "count"),
    window_s: of("correlated", "window_s"),
    cooldown_s: of("correlated", "cooldown_s"),
    alarm_value: flag(condition["alarm_value"], true),
    values: texts(condition["values"]),
    faults: texts(condition["faults"]),
    members: texts(condition["members"]),
    reflash: flag(condition["reflash"], true),
  };
}

const isKind = (word: unknown): word is Kind => KINDS.includes(word as Kind);

/** The kind that the definition says; null for one that the form does not know. */
export function kindIn(body: Body): Kind | null {
  const word = partOf(body["condition"])?.["kind"];
  return isKind(word) ? word : null;
}

const KNOWN = new Set([
  "name", "tag", "condition", "priority", "on_delay_s", "off_delay_s", "latching", "ack_mode", "on_bad", "restore_ack", "realarm_s", "area", "alarm_class",
  "description", "consequence", "cause", "action", "response_s", "display", "reack_on_escalation", "supersedes", "first_out", "enabled", "enabled_when",
]);

/** The form of a definition; of a new one where it says nothing. */
export function draftOf(body: Body = {}): DefinitionDraft {
  const kind = kindIn(body) ?? "high";
  return {
    name: text(body["name"]),
    tag: text(body["tag"]),
    kind,
    ...conditionDraft(kind, partOf(body["condition"]) ?? {}),
    description: text(body["description"]),
    area: text(body["area"]),
    alarm_class: text(body["alarm_class"]),
    priority: text(body["priority"], "3"),
    on_delay_s: text(body["on_delay_s"], "0"),
    off_delay_s: text(body["off_delay_s"], "0"),
    realarm_s: text(body["realarm_s"], "0"),
    response_s: text(body["response_s"]),
    latching: flag(body["latching"], false),
    ack_mode: text(body["ack_mode"], "required"),
    on_bad: text(body["on_bad"], "hold"),
    restore_ack: flag(body["restore_ack"], false),
    reack_on_escalation: flag(body["reack_on_escalation"], true),
    enabled: flag(body["enabled"], true),
    enabled_when: text(body["enabled_when"]),
    first_out: text(body["first_out"]),
    supersedes: texts(body["supersedes"]),
    consequence: text(body["consequence"]),
    cause: text(body["cause"]),
    action: text(body["action"]),
    display: text(body["display"]),
    rest: Object.fromEntries(Object.entries(body).filter(([field]) => !KNOWN.has(field))),
  };
}

const LINK_UP = /^LINK\.(.+)\.UP$/;

/** The link whose connection the tag tells of; null for any other tag. */
export const linkOf = (tag: string): string | null => LINK_UP.exec(tag)?.[1] ?? null;
export const upTagOf = (link: string): string => `LINK.${link}.UP`;

/** Whether a condition of the kind can judge the tag. */
export function suits(kind: Kind, tag: Pick<TagView, "name" | "type"> | undefined): boolean {
  if (watchesAlarms(kind) || tag === undefined) return true;
  const { type } = tag;
  const isNumber = type === "float" || type === "int";
  switch (kind) {
    case "high":
    case "low":
    case "levels":
    case "deviation":
    case "rate_of_change":
      return isNumber;
    case "bool":
      return type === "bool";
    case "discrete":
      return type === "enum" || type === "int";
    case "comms":
      return linkOf(tag.name) !== null;
    default:
      return true;
  }
}

/** The kind that is most likely meant for a new alarm of the tag. */
export function usualKind(tag: Pick<TagView, "name" | "type">): Kind {
  if (linkOf(tag.name) !== null) return "comms";
  return (["high", "bool", "discrete"] as const).find((kind) => suits(kind, tag)) ?? "bad_quality";
}

const ENDINGS: Partial<Record<Kind, string>> = {
  high: "H", low: "L", levels: "LIMITS", deviation: "DEV", rate_of_change: "RATE", bool: "ON", discrete: "STATE", discrepancy: "DIFF", bad_quality: "BAD", stale: "STALE",
  plausibility: "CHECK", comms: "COMMS",
};

/** A name for an alarm of that tag and kind; empty as long as there is no tag. */
export function suggestedName({ tag, kind }: Pick<DefinitionDraft, "tag" | "kind">): string {
  const ending = ENDINGS[kind];
  return tag === "" || ending === undefined ? "" : `${kind === "comms" ? tag.replace(/\.UP$/, "") : tag}.${ending}`;
}

/** The draft with what was typed; a name that nobody has typed follows tag and kind. */
export function changed(draft: DefinitionDraft, patch: Partial<DefinitionDraft>, isNew: boolean): DefinitionDraft {
  const next = { ...draft, ...patch };
  if (isNew && patch.name === undefined && draft.name === suggestedName(draft)) next.name = suggestedName(next);
  return next;
}
