/** How long the history is kept. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { get, url } from "./client";

/** What is kept, the finest first: samples, and rollups by their length. */
export const KEPT = ["raw", "10s", "1m", "10m", "1h", "1d"] as const;

/** Days; null is for ever. */
export type Kept = Record<(typeof KEPT)[number], number | null>;

export interface HistoryKeeping {
  days: Kept;
  /** The first that has a tag counts. */
  groups: { name: string; tags: string[]; days: Kept }[];
  archive: boolean;
  /** days: before today; 0: none. */
  plain: { days: number; tags: string[] };
}

export const useHistoryKeeping = (): UseQueryResult<HistoryKeeping> => useQuery({ queryKey: ["history-keeping"], queryFn: () => get<HistoryKeeping>(url(["history", "keeping"])), staleTime: Infinity });
