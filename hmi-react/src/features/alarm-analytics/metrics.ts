/** The figures of alarm performance as cards tell them: value, target, limit, and a verdict. */
import type { Analytics, Judged } from "@/api/alarm-history";
import { formatDuration, MISSING } from "@/ui/format";

export type Verdict = "good" | "fair" | "poor" | "unknown";

export type MetricId =
  | "per_10_min" | "per_hour" | "per_day" | "peak_10_min" | "busy_10_min" | "busy_hours" | "flood" | "top_share"
  | "chattering" | "fleeting" | "stale" | "unrecorded" | "overdue" | "unauthorised" | "after_upset" | "standing" | "shelved" | "ack" | "return";

/** More about the value, for the words of the page. */
export type Note = { kind: "most"; max: string } | { kind: "floods"; count: number } | { kind: "whole"; count: number } | { kind: "spread"; p95: string; count: number } | null;

export interface Metric {
  id: MetricId;
  value: string;
  target: string | null;
  limit: string | null;
  verdict: Verdict;
  note: Note;
}

/** How the value stands to what is wanted; the runtime says whether the limit itself is too much. */
export function verdictOf(value: number | null, { target = null, limit = null, ok = null }: Judged): Verdict {
  if (value === null || (target === null && limit === null)) return "unknown";
  if (limit !== null && (value > limit || ok === false)) return "poor";
  return target !== null && (value > target || ok === false) ? "fair" : "good";
}

/** A number with as many decimals as it deserves. */
export function figure(value: number | null): string {
  if (value === null) return MISSING;
  return String(Number(value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) < 10 ? 2 : 1)));
}

/** A share from 0 to 1 in percent. */
export function percent(share: number | null): string {
  if (share === null) return MISSING;
  const value = share * 100;
  return `${Number(value.toFixed(value < 10 ? 2 : 0))} %`;
}

export const seconds = (value: number | null): string => (value === null ? MISSING : value < 10 ? `${Math.round(value * 10) / 10} s` : formatDuration(value));

type Show = (value: number | null) => string;

function metric(id: MetricId, value: number | null, judged: Judged, show: Show, note: Note = null): Metric {
  const told = (bound: number | null | undefined): string | null => (bound === null || bound === undefined ? null : show(bound));
  return { id, value: show(value), target: told(judged.target), limit: told(judged.limit), verdict: verdictOf(value, judged), note };
}

const TEN_MIN_S = 600;
export const HOUR_S = 3600;
/** So that the last 24 hours count as a day although the runtime was restarted in them. */
export const MOST_OF_A_DAY_S = 20 * HOUR_S;
/** Of fewer alarms ten names always have a large share. */
const MANY = 100;

const NONE_WANTED: Judged = { target: 0 };

/** Every figure, the most telling first. */
export function metricsOf(found: Analytics): Metric[] {
  // Of less than an hour nothing can be said about an hour: what would be reckoned from it only frightens.
  const rate = (value: number | null, leastS = 1): number | null => (found.covered_s >= leastS ? value : null);
  const most = (max: number | null): Note => (max === null ? null : { kind: "most", max: figure(max) });
  return [
    metric("per_10_min", rate(found.per_10_min.mean, TEN_MIN_S), found.per_10_min, figure),
    metric("peak_10_min", rate(found.peak_10_min.count), found.peak_10_min, figure),
    metric("flood", rate(found.flood.share, HOUR_S), found.flood, percent, { kind: "floods", count: found.flood.floods.length }),
    metric("per_hour", rate(found.per_hour.mean, HOUR_S), found.per_hour, figure),
    metric("per_day", rate(found.per_day.mean, MOST_OF_A_DAY_S), found.per_day, figure, most(found.per_day.max)),
    metric("busy_10_min", rate(found.busy_10_min.share, TEN_MIN_S), found.busy_10_min, percent),
    metric("busy_hours", rate(found.busy_hours.share, HOUR_S), found.busy_hours, percent),
    metric("top_share", found.count > 0 ? found.top_share.share : null, found.count < MANY ? {} : found.top_share, percent),
    metric("standing", found.standing.mean, found.standing, figure, most(found.standing.max)),
    metric("shelved", found.shelved.mean, found.shelved, figure, most(found.shelved.max)),
    metric("chattering", rate(found.chattering.length), found.chattering_alarms ?? NONE_WANTED, figure),
    metric("fleeting", rate(found.fleeting.length), found.fleeting_alarms ?? NONE_WANTED, figure),
    metric("stale", rate(found.stale_alarms.worst_day), found.stale_alarms, figure, { kind: "whole", count: found.stale_alarms.count }),
    metric("unrecorded", rate(found.unrecorded_silences.count), found.unrecorded_silences, figure),
    metric("overdue", rate(found.overdue_shelves.count), found.overdue_shelves, figure),
    metric("unauthorised", rate(found.unauthorised_changes.count), found.unauthorised_changes, figure),
    metric("after_upset", found.after_upset.upsets > 0 ? found.after_upset.worst : null, found.after_upset, figure),
    spread("ack", found.time_to_ack_s),
    spread("return", found.time_to_return_s),
  ];
}

function spread(id: "ack" | "return", { median, p95, count }: Analytics["time_to_ack_s"]): Metric {
  return { id, value: seconds(median), target: null, limit: null, verdict: "unknown", note: count > 0 ? { kind: "spread", p95: seconds(p95), count } : null };
}
