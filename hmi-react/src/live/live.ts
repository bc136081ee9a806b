/** The page's live stores and the hooks that read them. */
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { Connection, type ConnectionView } from "./connection";
import { type AlarmsView, type Cell, PlantStore } from "./plant-store";
import { openSocket } from "./socket";
import { type Live, TagStore } from "./tag-store";
import type { AlarmView } from "@/api/types";

export const tagStore = new TagStore();
export const plantStore = new PlantStore();
export const connection = new Connection();

/** Keep the live connection open while the caller is shown. */
export function useLiveConnection(): void {
  useEffect(() => openSocket(tagStore, plantStore, connection), []);
}

/** The live sample of one tag; subscribes it for as long as the caller is shown. */
export function useTag(name: string | undefined): Live | undefined {
  const subscribe = useCallback((listener: () => void) => (name ? tagStore.subscribe(name, listener) : () => undefined), [name]);
  const read = useCallback(() => (name ? tagStore.get(name) : undefined), [name]);
  return useSyncExternalStore(subscribe, read);
}

/** Something simple derived from the live sample of one tag; draws again only when that changes. */
export function useTagSelect<T extends string | number | boolean | null>(name: string | undefined, select: (sample: Live | undefined) => T): T {
  const subscribe = useCallback((listener: () => void) => (name ? tagStore.subscribe(name, listener) : () => undefined), [name]);
  return useSyncExternalStore(subscribe, () => select(name ? tagStore.get(name) : undefined));
}

export function useCell<T>(cell: Cell<T>): T {
  return useSyncExternalStore(cell.subscribe, cell.get);
}

export const useAlarms = (): AlarmsView => useCell(plantStore.alarms);

/** True while values on the screen are the present ones. */
export function useIsLive(): boolean {
  return useSyncExternalStore(connection.subscribe, connection.isLive);
}

export function useConnection(): ConnectionView {
  return useSyncExternalStore(connection.subscribe, connection.get);
}

const NONE: readonly AlarmView[] = [];

/** The alarms of one tag that are not normal; the same array as long as none changed. */
export function useTagAlarms(tag: string | undefined): readonly AlarmView[] {
  const read = useCallback(() => (tag === undefined ? NONE : (plantStore.alarms.get().byTag.get(tag) ?? NONE)), [tag]);
  return useSyncExternalStore(plantStore.alarms.subscribe, read);
}

/** The server's time in ms, once a second; null before the runtime has told it. */
export function useServerTime(): number | null {
  const [now, setNow] = useState<number | null>(() => connection.serverNow());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(connection.serverNow()), 1000);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}

/** The best known present time in seconds, for reckoning ages and trend edges. */
export const presentS = (): number => (connection.serverNow() ?? Date.now()) / 1000;
