/** Replays of recorded history through today's or proposed alarms. */
import { useQueries, useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { ObjectView } from "./configuration";
import { get, post, remove, url } from "./client";
import type { Body } from "./tags";
import type { Page } from "./types";

export type ReplayState = "waiting" | "running" | "done" | "failed" | "cancelled";

/** One alarm in the period; worst_60_s: most occurrences in any minute. */
export interface ReplayNumbers {
  count: number;
  announced: number;
  standing_s: number;
  worst_60_s: number;
  fleeting: number;
}

export interface ReplayOccurrence {
  raised: number;
  /** null if it stood at the end. */
  returned: number | null;
}

export interface ReplayAlarm {
  alarm: string;
  tag: string;
  recorded: ReplayNumbers;
  today: ReplayNumbers | null;
  proposed: ReplayNumbers | null;
  /** Why it could not be replayed; empty if it could. */
  why: string;
  removed: number;
  added: number;
  removed_at: ReplayOccurrence[];
  added_at: ReplayOccurrence[];
  samples: number;
  /** It was defined otherwise for a part of the period. */
  changed: boolean;
}

/** All alarms together; counts are of announced ones, shares 0 to 1. */
export interface ReplayMetrics {
  count: number;
  mean_10_min: number;
  peak_10_min: number;
  peak_at: number | null;
  floods: number;
  flood_s: number;
  flood_share: number;
  chattering: number;
  fleeting: number;
  standing: number;
  top: { alarm: string; count: number; share: number }[];
}

export interface ReplayResult {
  start: number;
  end: number;
  samples: number;
  alarms: ReplayAlarm[];
  recorded: ReplayMetrics;
  today: ReplayMetrics;
  proposed: ReplayMetrics | null;
  silent_tags: string[];
  notes: string[];
}

export interface ReplayJob {
  id: string;
  state: ReplayState;
  start: number;
  end: number;
  names: string[] | null;
  proposed: Body[] | null;
  by: string;
  asked_at: number;
  begun_at: number | null;
  ended_at: number | null;
  progress: number;
  samples: number;
  error: string;
}

export interface ReplayView extends ReplayJob {
  result: ReplayResult | null;
}

export interface ReplayQuestion {
  start: number;
  end: number;
  /** null compares today's alarms with what was recorded. */
  alarms: Body[] | null;
  /** null for all. */
  names: string[] | null;
}

const POLL_MS = 500;
const replays = (...rest: string[]): string => url(["alarms", "replay", ...rest]);

export const isOver = (job: Pick<ReplayJob, "state">): boolean => job.state !== "waiting" && job.state !== "running";

export const startReplay = (question: ReplayQuestion): Promise<ReplayJob> => post<ReplayJob>(replays(), question);
export const cancelReplay = (id: string): Promise<ReplayJob> => remove<ReplayJob>(replays(id));

export function useReplays(): UseQueryResult<Page<ReplayJob>> {
  return useQuery({ queryKey: ["replays"], queryFn: ({ signal }) => get<Page<ReplayJob>>(replays(), signal) });
}

/** One replay, asked for again until it is over. */
export function useReplay(id: string | null): UseQueryResult<ReplayView> {
  return useQuery({
    queryKey: ["replays", id],
    enabled: id !== null,
    queryFn: ({ signal }) => get<ReplayView>(replays(id ?? ""), signal),
    refetchInterval: (query) => (query.state.data && !isOver(query.state.data) ? POLL_MS : false),
  });
}

/** The definitions of alarms as they are written in a file, in the order of the names. */
export function useAlarmDefinitions(names: readonly string[]): UseQueryResult<ObjectView>[] {
  return useQueries({
    queries: names.map((name) => ({
      queryKey: ["alarms", name, "definition"],
      queryFn: ({ signal }: { signal: AbortSignal }) => get<ObjectView>(url(["alarms", name, "definition"]), signal),
    })),
  });
}
