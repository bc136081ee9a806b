/** Which alarms a filter lets through, and in which order. */
import type { AlarmView } from "@/api/types";
import { compareAlarms, isSilent, isUnacknowledged } from "@/live/alarm-order";

export const SHOWS = ["present", "unack", "active", "silent", "all"] as const;
export type Show = (typeof SHOWS)[number];

export interface AlarmFilter {
  show: Show;
  text: string;
  area: string;
  priority: string;
}

const NORMAL = { state: "NORM", active: false, acked: true } as const;

/** All definitions with the state they have now; one that is not among the present alarms is normal. */
export function mergeAlarms(all: readonly AlarmView[], present: readonly AlarmView[]): AlarmView[] {
  const now = new Map(present.map((alarm) => [alarm.name, alarm]));
  const merged = all.map((alarm) => now.get(alarm.name) ?? (alarm.state === "NORM" ? alarm : { ...alarm, ...NORMAL }));
  const known = new Set(all.map((alarm) => alarm.name));
  return [...merged, ...present.filter((alarm) => !known.has(alarm.name))].sort(compareAlarms);
}

const shown: Record<Show, (alarm: AlarmView) => boolean> = {
  present: (alarm) => alarm.state !== "NORM" && !isSilent(alarm),
  unack: isUnacknowledged,
  active: (alarm) => alarm.active && !isSilent(alarm),
  silent: isSilent,
  all: () => true,
};

export function filterAlarms(alarms: readonly AlarmView[], filter: AlarmFilter): AlarmView[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const passes = shown[filter.show] ?? shown.present;
  return alarms.filter((alarm) => {
    if (!passes(alarm)) return false;
    if (filter.area && alarm.area !== filter.area) return false;
    if (filter.priority && String(alarm.priority) !== filter.priority) return false;
    const text = `${alarm.name} ${alarm.tag} ${alarm.description} ${alarm.message}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
