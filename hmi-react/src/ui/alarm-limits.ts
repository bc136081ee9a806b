/** The alarm limits of a tag, to mark them on bars and tanks. */
import { useMemo } from "react";
import { useAlarmList } from "@/api/queries";
import type { AlarmView } from "@/api/types";

export interface AlarmLimit {
  name: string;
  value: number;
  priority: number;
  condition: "high" | "low";
}

const NONE: readonly AlarmLimit[] = [];
const indexes = new WeakMap<AlarmView[], Map<string, AlarmLimit[]>>();

/** One index per answer, however many widgets ask for it. */
function indexOf(alarms: AlarmView[]): Map<string, AlarmLimit[]> {
  let index = indexes.get(alarms);
  if (index === undefined) {
    index = new Map();
    for (const { tag, name, limit, priority, condition } of alarms) {
      if (limit === null || condition === "comms") continue;
      const list = index.get(tag) ?? [];
      list.push({ name, value: limit, priority, condition });
      index.set(tag, list);
    }
    indexes.set(alarms, index);
  }
  return index;
}

export function useTagAlarmLimits(tag: string | undefined): readonly AlarmLimit[] {
  const { data } = useAlarmList();
  return useMemo(() => (data && tag ? (indexOf(data.items).get(tag) ?? NONE) : NONE), [data, tag]);
}

/** What lies between the innermost low and high limits, or null when there is none. */
export function normalBand(limits: readonly AlarmLimit[], range: readonly [number, number]): [number, number] | null {
  if (limits.length === 0) return null;
  const low = Math.max(range[0], ...limits.filter((l) => l.condition === "low").map((l) => l.value));
  const high = Math.min(range[1], ...limits.filter((l) => l.condition === "high").map((l) => l.value));
  return low < high ? [low, high] : null;
}
