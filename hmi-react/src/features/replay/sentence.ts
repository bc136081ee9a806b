/** What a replay found, in words and in the order of its weight. */
import type { ReplayAlarm, ReplayNumbers, ReplayResult } from "@/api/replay";

const CHATTERS = 3;

export type SentenceKey = "removed" | "added" | "both" | "removedToday" | "addedToday" | "bothToday";

export interface Sentence {
  key: SentenceKey;
  alarm: string;
  removed: number;
  added: number;
  total: number;
}

/** One sentence for each alarm that would have been otherwise, the greatest difference first. */
export function sentences(result: ReplayResult): Sentence[] {
  const against = result.proposed === null ? "recorded" : "today";
  const suffix = result.proposed === null ? "Today" : "";
  return result.alarms
    .filter((one) => one.removed > 0 || one.added > 0)
    .sort((a, b) => b.removed + b.added - a.removed - a.added || a.alarm.localeCompare(b.alarm))
    .map((one) => {
      const kind = one.added === 0 ? "removed" : one.removed === 0 ? "added" : "both";
      return { key: `${kind}${suffix}`, alarm: one.alarm, removed: one.removed, added: one.added, total: one[against]?.count ?? 0 };
    });
}

/** The numbers that would hold: of the proposal if there is one. */
export const finalOf = (alarm: ReplayAlarm): ReplayNumbers | null => alarm.proposed ?? alarm.today;

export const chatters = (numbers: ReplayNumbers | null): boolean => numbers !== null && numbers.worst_60_s >= CHATTERS;
