/** The log book of operators. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { HistoryPage } from "./alarm-history";
import { get, getFile, post, put, url } from "./client";

export interface LogFilter {
  /** POSIX seconds. */
  start?: number | undefined;
  end?: number | undefined;
  category?: string;
  /** With all that lies below it. */
  area?: string;
  shift?: string;
  author?: string;
  tag?: string;
  alarm?: string;
  text?: string;
}

/** What a person writes. */
export interface LogContent {
  category: string;
  title: string;
  text: string;
  /** When it happened, POSIX seconds. */
  time: number;
  area: string;
  shift: string;
  tag: string;
  alarm: string;
  occurrence_id: string;
}

export interface LogEntry extends LogContent {
  id: number;
  version: number;
  author: string;
  created: number;
  corrected: number | null;
  corrected_by: string;
}

export interface LogVersion extends LogContent {
  version: number;
  author: string;
  written: number;
}

export interface OneLogEntry extends LogEntry {
  versions: LogVersion[];
}

export interface LogPlan {
  categories: string[];
  shifts: { name: string; begin_min: number }[];
  /** The present one; empty where there are none. */
  shift: string;
}

/** An entry as it is sent: without a time it happened now, without a shift it is that of the time. */
export type NewLogEntry = Omit<LogContent, "time"> & { time?: number | undefined };

const LIMIT = 100;

export const fetchLog = (filter: LogFilter, before: string | null, signal?: AbortSignal): Promise<Omit<HistoryPage<LogEntry>, "next"> & { next: string | null }> =>
  get(url(["logbook"], { ...filter, limit: LIMIT, before }), signal);

export const fetchLogEntry = (id: number, signal?: AbortSignal): Promise<OneLogEntry> => get<OneLogEntry>(url(["logbook", String(id)]), signal);

export const writeLog = (entry: NewLogEntry): Promise<LogEntry> => post<LogEntry>(url(["logbook"]), entry);

export const correctLog = (id: number, version: number, entry: LogContent): Promise<OneLogEntry> => put<OneLogEntry>(url(["logbook", String(id)]), { ...entry, version });

export const exportLog = (filter: LogFilter): Promise<Blob> => getFile(url(["logbook", "export"], { ...filter }));

export function useLogPlan(): UseQueryResult<LogPlan> {
  return useQuery({ queryKey: ["logbook", "plan"], queryFn: ({ signal }) => get<LogPlan>(url(["logbook", "plan"]), signal), staleTime: 60_000 });
}
