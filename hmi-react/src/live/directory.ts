/** What every widget may look up by name: descriptions of tags and the limits of their alarms. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import { useAlarmList } from "@/api/queries";
import { fetchDescriptions, fetchTagPage, type TagFilter } from "@/api/tags";
import type { AlarmView, Page, TagView } from "@/api/types";
import { plantStore, tagStore, useCell } from "./live";
import { Cell } from "./plant-store";
import { TagDirectory } from "./tag-directory";

export interface AlarmLimit {
  name: string;
  value: number;
  priority: number;
  condition: "high" | "low";
}

export type TagIndex = ReadonlyMap<string, TagView>;
type LimitIndex = ReadonlyMap<string, readonly AlarmLimit[]>;

const NO_LIMITS: readonly AlarmLimit[] = [];
/** What depends on which tags, alarms and equipment there are. */
const CONFIGURED = new Set(["tags", "alarms", "types", "equipment", "project"]);

export const tagDirectory = new TagDirectory(fetchDescriptions);
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

/** Keep the directory true while the caller is shown; one caller, the shell, is enough. */
export function useDirectory(): void {
  const queries = useQueryClient();
  const generation = useCell(plantStore.generation);
  const alarms = useAlarmList().data?.items;
  useEffect(() => {
    if (alarms) limitDirectory.set(limitsOf(alarms));
  }, [alarms]);
  useEffect(() => {
    if (generation === 0) return;
    tagDirectory.refresh();
    tagStore.resubscribe();
    void queries.invalidateQueries({ predicate: (query) => CONFIGURED.has(String(query.queryKey[0])) });
  }, [generation, queries]);
}

/** A part of the tag list; its descriptions are known to every widget at once. */
export async function tagPage(filter: TagFilter, offset: number, limit: number, signal?: AbortSignal): Promise<Page<TagView>> {
  const page = await fetchTagPage(filter, offset, limit, signal);
  tagDirectory.learn(page.items);
  return page;
}

const nothing = (): void => undefined;

/** Description of one tag; undefined while it is fetched, and if there is none. */
export function useTagInfo(name: string | undefined): TagView | undefined {
  const subscribe = useCallback((listener: () => void) => (name ? tagDirectory.subscribe(name, listener) : nothing), [name]);
  return useSyncExternalStore(subscribe, () => (name ? tagDirectory.get(name) : undefined));
}

/** True if the runtime has said that it has no such tag. */
export function useIsMissing(name: string | undefined): boolean {
  const subscribe = useCallback((listener: () => void) => (name ? tagDirectory.subscribe(name, listener) : nothing), [name]);
  return useSyncExternalStore(subscribe, () => name !== undefined && tagDirectory.isMissing(name));
}

/** Those of the tags that the runtime has said it does not have; the same list as long as they are the same. */
export function useMissing(names: readonly string[]): readonly string[] {
  const key = names.join("\n");
  const subscribe = useCallback(
    (listener: () => void) => {
      const leave = key.split("\n").filter(Boolean).map((name) => tagDirectory.subscribe(name, listener));
      return () => {
        for (const one of leave) one();
      };
    },
    [key],
  );
  const text = useSyncExternalStore(subscribe, () => key.split("\n").filter((name) => tagDirectory.isMissing(name)).join("\n"));
  return useMemo(() => text.split("\n").filter(Boolean), [text]);
}

/** Reads the descriptions of some tags; the same map as long as none of them has changed. */
function reader(names: readonly string[]): () => TagIndex {
  let last = new Map<string, TagView>();
  let seen: (TagView | undefined)[] | null = null;
  return () => {
    const now = names.map((name) => tagDirectory.get(name));
    if (seen !== null && now.every((tag, at) => tag === seen?.[at])) return last;
    seen = now;
    last = new Map(now.flatMap((tag) => (tag ? [[tag.name, tag] as const] : [])));
    return last;
  };
}

/** Descriptions of a few tags by name; those that are not known yet are left out. */
export function useTagInfos(names: readonly string[]): TagIndex {
  const key = names.join("\n");
  const subscribe = useCallback(
    (listener: () => void) => {
      const leave = key.split("\n").filter(Boolean).map((name) => tagDirectory.subscribe(name, listener));
      return () => {
        for (const one of leave) one();
      };
    },
    [key],
  );
  const read = useMemo(() => reader(key.split("\n").filter(Boolean)), [key]);
  return useSyncExternalStore(subscribe, read);
}

/** The limits of one tag's alarms. */
export function useTagAlarmLimits(name: string | undefined): readonly AlarmLimit[] {
  const read = useCallback(() => (name === undefined ? NO_LIMITS : (limitDirectory.get().get(name) ?? NO_LIMITS)), [name]);
  return useSyncExternalStore(limitDirectory.subscribe, read);
}
