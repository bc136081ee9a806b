/** What alarms have done: their journal, their occurrences, and how well they serve the people who answer them. */
import { call, get, getFile, LONG_MS, url } from "./client";
import type { AlarmState, Value } from "./types";

export interface JournalFilter {
  /** POSIX seconds. */
  start?: number | undefined;
  end?: number | undefined;
  /** With all that lies below it. */
  area?: string;
  tag?: string;
  alarm?: string;
  priority?: string;
  event?: string;
  state?: string;
  actor?: string;
  text?: string;
}

export interface JournalRow {
  seq: number;
  time: number;
  /** Such as "raised", "acknowledged". */
  event: string;
  alarm: string;
  message: string;
  actor: string;
  origin: string;
  comment: string | null;
  tag: string | null;
  area: string | null;
  priority: number | null;
  from: AlarmState | null;
  to: AlarmState | null;
  core_state: AlarmState | null;
  condition: string | null;
  limit: number | null;
  deadband: number | null;
  unit: string | null;
  value: Value;
  quality: string | null;
  source_time: number | null;
  annunciated: boolean | null;
  suppressed: boolean | null;
  occurrence_id: string | null;
  condition_time: number | null;
  active_time: number | null;
  duration_s: number | null;
  until: number | null;
  work_order: string | null;
}

export interface OccurrenceFilter {
  start?: number | undefined;
  end?: number | undefined;
  area?: string;
  tag?: string;
  alarm?: string;
  priority?: string;
  /** Only what is not over yet. */
  open?: boolean | undefined;
  text?: string;
}

export interface Occurrence {
  id: number;
  alarm: string;
  occurrence_id: string;
  tag: string;
  area: string;
  priority: number | null;
  condition: string;
  message: string;
  raised: number;
  acknowledged: number | null;
  ack_by: string | null;
  ack_comment: string | null;
  returned: number | null;
  closed: number | null;
  suppressed: boolean;
  annunciated: boolean;
  comments: number;
  duration_s: number | null;
  time_to_ack_s: number | null;
}

export interface HistoryPage<T> {
  items: T[];
  /** Where the older ones begin; null if there are none. */
  next: number | null;
}

const LIMIT = 200;

export const fetchJournal = (filter: JournalFilter, before: number | null, signal?: AbortSignal, limit = LIMIT): Promise<HistoryPage<JournalRow>> =>
  get<HistoryPage<JournalRow>>(url(["alarms", "journal"], { ...filter, limit, before }), signal);

export const fetchOccurrences = (filter: OccurrenceFilter, before: number | null, signal?: AbortSignal): Promise<HistoryPage<Occurrence>> =>
  get<HistoryPage<Occurrence>>(url(["alarms", "occurrences"], { ...filter, limit: LIMIT, before }), signal);

export const exportJournal = (filter: JournalFilter): Promise<Blob> => getFile(url(["alarms", "journal", "export"], { ...filter }));

/** What a metric should be, and may be at most; ok: it is within what may be. */
export interface Judged {
  target?: number | null;
  limit?: number | null;
  ok?: boolean | null;
}

export interface Flood {
  start: number;
  end: number | null;
  count: number;
  peak: number;
  first_alarm: string;
}

export interface Spread {
  median: number | null;
  p95: number | null;
  count: number;
}

export type Band = "acceptable" | "manageable" | "over-demanding" | "unacceptable";

/** How many alarms came in the ten minutes from an upset, as an operator can bear them. */
export type UpsetBand = "manageable" | "demanding" | "hard" | "excessive";

/** The figures of a period. Shares are from 0 to 1. */
export interface Analytics {
  start: number;
  end: number;
  /** How long of it the runtime was there to judge alarms. */
  covered_s: number;
  count: number;
  per_10_min: Judged & { mean: number | null };
  per_hour: Judged & { mean: number | null };
  per_day: Judged & { mean: number | null; max: number | null; days: { day: string; count: number }[] };
  busy_10_min: Judged & { share: number | null };
  busy_hours: Judged & { share: number | null };
  peak_10_min: Judged & { count: number; at: number | null };
  flood: Judged & { share: number | null; floods: Flood[] };
  top: { alarm: string; count: number; share: number }[];
  top_share: Judged & { share: number | null };
  chattering: { alarm: string; count: number; worst_60_s: number }[];
  chattering_alarms?: Judged;
  fleeting: { alarm: string; count: number }[];
  fleeting_alarms?: Judged;
  stale: { alarm: string; since: number; active_s: number }[];
  /** Of the whole period, and the most on one day, which is what is judged. */
  stale_alarms: Judged & { count: number; worst_day: number };
  /** target: the share that each priority should have. */
  priorities: { annunciated: Record<string, number>; configured: Record<string, number>; target?: Record<string, number> };
  time_to_ack_s: Spread;
  time_to_return_s: Spread;
  standing: Judged & { mean: number | null; max: number | null };
  shelved: Judged & { mean: number | null; max: number | null };
  unrecorded: { alarm: string; state: string; seen: number }[];
  unrecorded_silences: Judged & { count: number };
  overdue: { alarm: string; due: number; over_s: number }[];
  overdue_shelves: Judged & { count: number };
  unauthorised: { alarm: string; kind: string; actor: string; count: number; last: number }[];
  unauthorised_changes: Judged & { count: number };
  upsets: { start: number; kind: string; subject: string; count: number; band: UpsetBand }[];
  after_upset: Judged & { worst: number; upsets: number };
  histogram_10_min: { alarms: number; periods: number }[];
  series: { start: number; count: number }[];
  areas: { area: string; count: number; time_to_ack_median_s: number | null }[];
  band: Band | null;
}

export const fetchAnalytics = (asked: { start?: number | undefined; end?: number | undefined; area: string }, signal?: AbortSignal): Promise<Analytics> =>
  call<Analytics>(url(["alarms", "analytics"], asked), { timeoutMs: LONG_MS, ...(signal ? { signal } : {}) });

/** The same for the 24 hours until now. */
export const fetchLiveAnalytics = (area: string, signal?: AbortSignal): Promise<Analytics> =>
  get<Analytics>(url(["alarms", "analytics", "live"], { area }), signal);
