/** Descriptions of tags and the limits of their alarms, read once for the page, looked up by every widget. */
import { useCallback, useEffect, useSyncExternalStore } from "react";
import { useAlarmList, useTags } from "@/api/queries";
import type { AlarmView, TagView } from "@/api/types";
import { Cell } from "./plant-store";

export interface AlarmLimit {
  name: string;
  value: number;
  priority: number;
  condition: "high" | "low";
}

type TagIndex = ReadonlyMap<string, TagView>;
type LimitIndex = ReadonlyMap<string, readonly AlarmLimit[]>;

const NO_LIMITS: readonly AlarmLimit[] = [];

export const tagDirectory = new Cell<TagIndex>(new Map());
const limitDirectory = new Cell<LimitIndex>(new Map());

/** Tag -> the limits of its alarms. */
export function limitsOf(alarms: readonly AlarmView[]): Map<string, AlarmLimit[]> {
  const index = new Map<string, AlarmLimit[]>();
  for (const { tag, name, limit, priority, condition } of alarms) {
    if (limit === null || limit === undefined || (condition !== "high" && condition !== "low")) continue;
    const list = index.get(tag) ?? [];
    list.push({ name, value: limit, priority, condition });
    index.set(tag, list);
  }
  return index;
}

/** Keep the directory filled while the caller is shown; one caller, the shell, is enough. */
export function useDirectory(): void {
  const tags = useTags().data;
  const alarms = useAlarmList().data?.items;
  useEffect(() => {
    if (tags) tagDirectory.set(new Map(tags.map((tag) => [tag.name, tag])));
  }, [tags]);
  useEffect(() => {
    if (alarms) limitDirectory.set(limitsOf(alarms));
  }, [alarms]);
}

/** Description of every tag by name; empty while it loads. */
export const useTagIndex = (): TagIndex => useSyncExternalStore(tagDirectory.subscribe, tagDirectory.get);

/** Description of one tag. */
export function useTagInfo(name: string | undefined): TagView | undefined {
  const read = useCallback(() => (name === undefined ? undefined : tagDirectory.get().get(name)), [name]);
  return useSyncExternalStore(tagDirectory.subscribe, read);
}

/** The limits of one tag's alarms. */
export function useTagAlarmLimits(name: string | undefined): readonly AlarmLimit[] {
  const read = useCallback(() => (name === undefined ? NO_LIMITS : (limitDirectory.get().get(name) ?? NO_LIMITS)), [name]);
  return useSyncExternalStore(limitDirectory.subscribe, read);
}
