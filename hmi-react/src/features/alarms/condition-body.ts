/** The condition that a form has come to: what each kind needs, and which of its limits contradict each other. */
import { t } from "i18next";
import type { Part } from "@/ui/body-words";
import type { DefinitionReader } from "./definition-body";
import { limitKeys, pathOf, type DefinitionDraft, type Kind, type Level, type LimitDraft, type LimitKey } from "./definition-draft";

type Read = DefinitionReader;

/** A limit as it was read; undefined what could not be, or is a tag's. */
interface ReadLimit {
  limit: number | undefined;
  /** Percent of span has another size for each tag, so only numbers are compared. */
  deadband: number | undefined;
}

/** Nothing that is not there is written. */
const filled = (part: Part): Part => Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined && value !== ""));

function deadbandOf(path: string, typed: string, read: Read): number | string | undefined {
  const size = read.deadband(path, typed);
  if (typeof size === "number" ? size < 0 : size?.startsWith("-")) {
    read.wrong(path, t("alarms.positive"));
    return undefined;
  }
  return size === 0 ? undefined : size;
}

function limitPart(key: LimitKey, given: LimitDraft, read: Read): Part {
  const path = (field: string): string => pathOf(key, field);
  const part: Part = {};
  if (given.from === "tag") {
    part["limit_tag"] = given.limit_tag;
    if (given.limit_tag === "") read.need(path("limit_tag"));
  } else {
    part["limit"] = read.needed(path("limit"), read.number(path("limit"), given.limit), given.limit);
  }
  part["deadband"] = deadbandOf(path("deadband"), given.deadband, read);
  if (key !== "only" && key !== "above" && key !== "below" && given.priority !== "") part["priority"] = Number(given.priority);
  return filled(part);
}

const numberIn = (part: Part | undefined, field: string): number | undefined => (typeof part?.[field] === "number" ? part[field] : undefined);

const read = (part: Part | undefined): ReadLimit => ({ limit: numberIn(part, "limit"), deadband: part?.["deadband"] === undefined ? 0 : numberIn(part, "deadband") });

const UPWARDS: readonly Level[] = ["low_low", "low", "high", "high_high"];

/** Every level must be above the one below it: LL < L < H < HH. */
function checkOrder(parts: Partial<Record<Level, Part>>, told: Read): void {
  const given = UPWARDS.filter((level) => numberIn(parts[level], "limit") !== undefined);
  for (const [at, level] of given.entries()) {
    const below = given[at - 1];
    const [bottom, top] = [numberIn(below && parts[below], "limit"), numberIn(parts[level], "limit")];
    if (below && bottom !== undefined && top !== undefined && top <= bottom) {
      told.wrong(pathOf(level, "limit"), t("alarmForm.mustBeAbove", { level: t(`alarmForm.levels.${below}`), limit: bottom }));
    }
  }
}

/** The way back of each level must end before the next one begins. */
function checkDeadbands(parts: Partial<Record<Level, Part>>, told: Read): void {
  const pairs: readonly (readonly [Level, Level])[] = [["high_high", "high"], ["low_low", "low"], ["low", "high"], ["high", "low"]];
  for (const [level, next] of pairs) {
    const [{ limit, deadband }, other] = [read(parts[level]), read(parts[next]).limit];
    if (limit === undefined || deadband === undefined || other === undefined || deadband === 0) continue;
    const apart = Math.abs(limit - other);
    if (deadband >= apart) told.wrong(pathOf(level, "deadband"), t("alarmForm.endsBefore", { level: t(`alarmForm.levels.${next}`), limit: other }));
  }
}

function levels(draft: DefinitionDraft, told: Read): Part {
  const keys = limitKeys("levels").filter((key) => draft.limits[key].on);
  if (keys.length === 0) told.wrong("condition", t("alarmForm.oneLevel"));
  const parts = Object.fromEntries(keys.map((key) => [key, limitPart(key, draft.limits[key], told)])) as Partial<Record<Level, Part>>;
  checkOrder(parts, told);
  checkDeadbands(parts, told);
  return { ...parts, unit: draft.unit };
}

function deviation(draft: DefinitionDraft, told: Read): Part {
  const keys = limitKeys("deviation").filter((key) => draft.limits[key].on);
  if (keys.length === 0) told.wrong("condition", t("alarmForm.oneSide"));
  const part: Part = {};
  for (const key of keys) {
    const side = limitPart(key, { ...draft.limits[key], from: "number" }, told);
    const { limit, deadband } = read(side);
    if (limit !== undefined && limit <= 0) told.wrong(pathOf(key, "limit"), t("alarmForm.aboveZero"));
    else if (limit !== undefined && deadband !== undefined && deadband >= limit) told.wrong(pathOf(key, "deadband"), t("alarmForm.belowLimit"));
    part[key === "above" ? "high" : "low"] = side;
  }
  if (draft.setpointFrom === "tag") {
    part["setpoint_tag"] = draft.setpoint_tag;
    if (draft.setpoint_tag === "") told.need("condition.setpoint_tag");
  } else {
    part["setpoint"] = told.needed("condition.setpoint", told.number("condition.setpoint", draft.setpoint), draft.setpoint);
  }
  return { ...part, unit: draft.unit };
}

function rateOfChange(draft: DefinitionDraft, told: Read): Part {
  const [rising, falling] = (["rising", "falling"] as const).map((field) => told.above(`condition.${field}`, draft[field], `rate_of_change.${field}`));
  if (draft.rising.trim() === "" && draft.falling.trim() === "") told.need("condition.rising");
  const window_s = told.above("condition.window_s", draft.slope_s, "rate_of_change.window_s");
  const min_samples = told.within("condition.min_samples", draft.min_samples, "rate_of_change.min_samples", true);
  return { rising, falling, window_s: window_s === 10 ? undefined : window_s, min_samples: min_samples === 3 ? undefined : min_samples };
}

function discrete(draft: DefinitionDraft, told: Read): Part {
  if (draft.values.length === 0) told.need("condition.values");
  const texts = new Set(Object.values(told.tag?.states ?? {}));
  return { values: draft.values.map((value) => (!texts.has(value) && /^-?\d+$/.test(value) ? Number(value) : value)) };
}

function correlated(draft: DefinitionDraft, told: Read): Part {
  const count = told.needed("condition.count", told.whole("condition.count", draft.count), draft.count);
  const members = draft.members.length;
  if (members < 2) told.need("condition.members");
  else if (count !== undefined && (count < 2 || count > members)) told.wrong("condition.count", t("alarmForm.between", { least: 2, most: members }));
  const window_s = told.needed("condition.window_s", told.above("condition.window_s", draft.window_s, "correlated.window_s"), draft.window_s);
  const cooldown = told.within("condition.cooldown_s", draft.cooldown_s, "correlated.cooldown_s");
  return { members: [...draft.members], count, window_s, cooldown_s: cooldown === 0 ? undefined : cooldown };
}

const PARTS: Record<Kind, (draft: DefinitionDraft, told: Read) => Part> = {
  high: (draft, told) => ({ ...limitPart("only", draft.limits.only, told), unit: draft.unit }),
  low: (draft, told) => ({ ...limitPart("only", draft.limits.only, told), unit: draft.unit }),
  levels,
  deviation,
  rate_of_change: rateOfChange,
  bool: (draft) => ({ alarm_value: draft.alarm_value ? undefined : false }),
  discrete,
  discrepancy: (draft, told) => {
    if (draft.other === "") told.need("condition.other");
    const tolerance = told.within("condition.tolerance", draft.tolerance, "discrepancy.tolerance");
    return { other: draft.other, tolerance: tolerance === 0 ? undefined : tolerance };
  },
  bad_quality: () => ({}),
  stale: (draft, told) => ({ timeout_s: told.needed("condition.timeout_s", told.above("condition.timeout_s", draft.timeout_s, "stale.timeout_s"), draft.timeout_s) }),
  plausibility: (draft) => ({ faults: draft.faults.length === 0 ? undefined : [...draft.faults] }),
  comms: () => ({}),
  group: (draft, told) => {
    if (draft.members.length === 0) told.need("condition.members");
    return { members: [...draft.members], reflash: draft.reflash ? undefined : false };
  },
  correlated,
};

/** The condition of the chosen kind, without what is at its usual value. */
export const conditionOf = (draft: DefinitionDraft, told: Read): Part => ({ kind: draft.kind, ...filled(PARTS[draft.kind](draft, told)) });
