/** Which alarms a list and its filters let through, and how they are grouped. */
import { areasWithin } from "@/ui/areas";
import type { AlarmState, AlarmView } from "@/api/types";
import { compareAlarms, isShelved, isSilent, isUnacknowledged, PRIORITIES } from "@/live/alarm-order";

export const SHOWS = ["present", "shelved", "suppressed", "out", "all"] as const;
export type Show = (typeof SHOWS)[number];

/** A state underneath, or any that is unacknowledged. */
export const STATES = ["unack", "UNACK", "ACKED", "RTNUN", "LUNACK", "LACK", "NORM", "DSBLD"] as const;

export const GROUPS = ["none", "area", "priority"] as const;
export type Grouping = (typeof GROUPS)[number];

export interface AlarmFilter {
  show: Show;
  text: string;
  /** The area and all below it. */
  area: string;
  priority: string;
  state: string;
}

const NORMAL = { state: "NORM", core_state: "NORM", active: false, acked: true } as const;

/** All definitions with the state they have now; one that is not among the present alarms is normal. */
export function mergeAlarms(all: readonly AlarmView[], present: readonly AlarmView[]): AlarmView[] {
  const now = new Map(present.map((alarm) => [alarm.name, alarm]));
  const merged = all.map((alarm) => now.get(alarm.name) ?? (alarm.state === "NORM" ? alarm : { ...alarm, ...NORMAL }));
  const known = new Set(all.map((alarm) => alarm.name));
  return [...merged, ...present.filter((alarm) => !known.has(alarm.name))].sort(compareAlarms);
}

const shown: Record<Show, (alarm: AlarmView) => boolean> = {
  present: (alarm) => alarm.state !== "NORM" && !isSilent(alarm),
  shelved: isShelved,
  suppressed: (alarm) => alarm.state === "DSUPR",
  out: (alarm) => alarm.state === "OOSRV",
  all: () => true,
};

export const showOf = (text: string | null): Show => SHOWS.find((one) => one === text) ?? "present";

/** How many alarms each list has. */
export function countShows(alarms: readonly AlarmView[]): Record<Show, number> {
  const counts = { present: 0, shelved: 0, suppressed: 0, out: 0, all: 0 };
  for (const alarm of alarms) for (const show of SHOWS) if (shown[show](alarm)) counts[show] += 1;
  return counts;
}

const underneath = (alarm: AlarmView): AlarmState => (alarm.state === "DSBLD" ? "DSBLD" : (alarm.core_state ?? alarm.state));

function hasState(alarm: AlarmView, state: string): boolean {
  return state === "unack" ? isUnacknowledged({ ...alarm, state: underneath(alarm) }) : underneath(alarm) === state;
}

export function filterAlarms(alarms: readonly AlarmView[], filter: AlarmFilter): AlarmView[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const passes = shown[filter.show];
  return alarms.filter((alarm) => {
    if (!passes(alarm)) return false;
    if (filter.area && !`${alarm.area}/`.startsWith(`${filter.area}/`)) return false;
    if (filter.priority && String(alarm.priority) !== filter.priority) return false;
    if (filter.state && !hasState(alarm, filter.state)) return false;
    const text = `${alarm.name} ${alarm.tag} ${alarm.description} ${alarm.message}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The areas of the alarms, and those around them, in order. */
export const areasOf = (alarms: readonly AlarmView[]): string[] => areasWithin(alarms.map((alarm) => alarm.area));

export interface AlarmGroup {
  /** An area, or a priority as text; empty without one. */
  key: string;
  alarms: AlarmView[];
}

/** The alarms in groups, each in the order that they had; one group of all without a grouping. */
export function groupAlarms(alarms: readonly AlarmView[], by: Grouping): AlarmGroup[] {
  if (by === "none") return [{ key: "", alarms: [...alarms] }];
  const keyOf = (alarm: AlarmView): string => (by === "area" ? alarm.area : String(alarm.priority));
  const keys = by === "priority" ? PRIORITIES.map(String) : [...new Set(alarms.map(keyOf))].sort();
  return keys.map((key) => ({ key, alarms: alarms.filter((alarm) => keyOf(alarm) === key) })).filter((group) => group.alarms.length > 0);
}
