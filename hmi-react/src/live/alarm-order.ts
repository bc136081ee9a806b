/** Which alarm matters more, and how many there are: pure rules shared by the strip, the mimic and the list. */
import type { AlarmCounts, AlarmView } from "@/api/types";

export const PRIORITIES = [1, 2, 3, 4, 5] as const;

const UNACKNOWLEDGED: ReadonlySet<string> = new Set(["UNACK", "RTNUN", "LUNACK"]);

export const isUnacknowledged = (alarm: AlarmView): boolean => UNACKNOWLEDGED.has(alarm.state);

/** The cause is gone and it was acknowledged, but it stays until somebody resets it. */
export const isLatched = (alarm: AlarmView): boolean => (alarm.core_state ?? alarm.state) === "LACK" || (alarm.core_state ?? alarm.state) === "LUNACK";

export const isShelved = (alarm: AlarmView): boolean => alarm.state === "SHLVD" || (alarm.silent_until ?? null) !== null;

const SILENT: ReadonlySet<string> = new Set(["SHLVD", "DSUPR", "OOSRV", "DSBLD"]);

/** Shelved, suppressed, out of service or disabled: nobody shall be told. */
export const isSilent = (alarm: AlarmView): boolean => SILENT.has(alarm.state);

/** Unacknowledged first, then by priority, then those still active, then the newest. */
export function compareAlarms(a: AlarmView, b: AlarmView): number {
  return (
    Number(isUnacknowledged(b)) - Number(isUnacknowledged(a)) ||
    a.priority - b.priority ||
    Number(b.active) - Number(a.active) ||
    (b.active_time ?? 0) - (a.active_time ?? 0) ||
    a.name.localeCompare(b.name)
  );
}

const byUrgency = (a: AlarmView, b: AlarmView): number => a.priority - b.priority || (b.active_time ?? 0) - (a.active_time ?? 0) || a.name.localeCompare(b.name);

/** The most important unacknowledged alarms: the highest priority first, then the newest. */
export function mostImportant(alarms: readonly AlarmView[], count: number): AlarmView[] {
  return alarms.filter(isUnacknowledged).sort(byUrgency).slice(0, count);
}

/** Counts from the alarms themselves, so that strip and list can never disagree. */
export function countAlarms(alarms: readonly AlarmView[]): AlarmCounts {
  const counts: AlarmCounts = { unack: 0, active: 0, by_priority: {} };
  for (const alarm of alarms) {
    if (alarm.state === "NORM") continue;
    if (isUnacknowledged(alarm)) counts.unack += 1;
    if (alarm.active) counts.active += 1;
    counts.by_priority[alarm.priority] = (counts.by_priority[alarm.priority] ?? 0) + 1;
  }
  return counts;
}
