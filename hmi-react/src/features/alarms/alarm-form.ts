/** What the parts of the form of an alarm share: the draft, ways to change it, and what is wrong where. */
import type { Guidance } from "@/api/alarms";
import type { TagView } from "@/api/types";
import { limitKeys, pathOf, type DefinitionDraft, type Kind, type LimitDraft, type LimitKey } from "./definition-draft";
import type { Rules } from "./definition-schema";

/** What operators read where the definition says nothing. */
export interface Inherited {
  guidance: Guidance;
  /** The area that each field of it comes from. */
  origins: Readonly<Partial<Record<keyof Guidance, string>>>;
}

export interface AlarmForm {
  draft: DefinitionDraft;
  /** False while an existing alarm is edited: its name is changed by renaming it. */
  isNew: boolean;
  rules: Rules;
  /** The tag that is watched, once it is known. */
  tag: TagView | undefined;
  /** Of the limits, as it is printed. */
  unit: string;
  /** Null until the runtime has told. */
  inherited: Inherited | null;
  set(patch: Partial<DefinitionDraft>): void;
  setLimit(key: LimitKey, patch: Partial<LimitDraft>): void;
  /** What is wrong with the field or with anything in it, in words. */
  error(path: string): string | undefined;
  /** What is wrong with the field as a whole. */
  whole(path: string): string | undefined;
}

/** The fields that the form shows whatever the condition is; a mistake elsewhere is told above it. */
const PATHS = [
  "name", "tag", "description", "area", "alarm_class", "priority", "on_delay_s", "off_delay_s", "realarm_s", "latching", "ack_mode", "on_bad", "restore_ack",
  "reack_on_escalation", "supersedes", "first_out", "enabled", "enabled_when", "consequence", "cause", "action", "response_s", "display",
] as const;

const IN_CONDITION: Record<Kind, readonly string[]> = {
  high: ["limit", "limit_tag", "deadband", "unit"],
  low: ["limit", "limit_tag", "deadband", "unit"],
  levels: ["unit"],
  deviation: ["unit", "setpoint", "setpoint_tag"],
  rate_of_change: ["rising", "falling", "window_s", "min_samples"],
  bool: [],
  discrete: ["values"],
  discrepancy: ["other", "tolerance"],
  bad_quality: [],
  stale: ["timeout_s"],
  plausibility: ["faults"],
  comms: [],
  group: ["members"],
  correlated: ["members", "count", "window_s", "cooldown_s"],
};

const IN_LIMIT = ["limit", "limit_tag", "deadband", "priority"];

/** The fields at which the form tells mistakes; one of another field is told above it. */
export const pathsOf = ({ kind, limits }: DefinitionDraft): string[] => [
  ...PATHS,
  ...IN_CONDITION[kind].map((field) => `condition.${field}`),
  ...limitKeys(kind).filter((key) => limits[key].on).flatMap((key) => IN_LIMIT.map((field) => pathOf(key, field))),
];
