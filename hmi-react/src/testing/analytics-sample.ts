/** Figures of a made-up period, for tests. */
import type { Analytics } from "@/api/alarm-history";

const START = Date.parse("2026-03-01T00:00:00Z") / 1000;

/** A day with one flood. */
export function someAnalytics(over: Partial<Analytics> = {}): Analytics {
  return {
    start: START,
    end: START + 86_400,
    covered_s: 86_400,
    count: 40,
    per_10_min: { mean: 0.28, target: 1, limit: 2, ok: true },
    per_hour: { mean: 1.67, target: 6, limit: 12, ok: true },
    per_day: { mean: 40, max: 40, days: [{ day: "2026-03-01", count: 40 }], target: 144, limit: 288, ok: true },
    busy_10_min: { share: 0.0069, target: 0.01, limit: 0.01, ok: true },
    busy_hours: { share: 0, target: 0.01, limit: 0.01, ok: true },
    peak_10_min: { count: 14, at: START + 3600, target: 10, limit: 10, ok: false },
    flood: { share: 0.008, target: 0.01, limit: 0.01, ok: true, floods: [{ start: START + 3600, end: START + 4300, count: 15, peak: 14, first_alarm: "P101A.FLT" }] },
    top: [
      { alarm: "P101A.FLT", count: 20, share: 0.5 },
      { alarm: "TK101.LT.H", count: 10, share: 0.25 },
    ],
    top_share: { share: 0.03, target: 0.01, limit: 0.05, ok: true },
    chattering: [{ alarm: "P101A.FLT", count: 6, worst_60_s: 4 }],
    fleeting: [],
    stale: [{ alarm: "AT102.L", since: START - 100_000, active_s: 186_400 }],
    stale_alarms: { target: 0, limit: 5, ok: true, count: 1, worst_day: 1 },
    unrecorded: [],
    unrecorded_silences: { count: 0, target: 0, limit: 0, ok: true },
    overdue: [{ alarm: "AT102.L", due: START + 600, over_s: 1200 }],
    overdue_shelves: { count: 1, target: 0, limit: 0, ok: false },
    unauthorised: [{ alarm: "TK101.LT.H", kind: "request.refused", actor: "otto", count: 3, last: START + 900 }],
    unauthorised_changes: { count: 3, target: 0, limit: 0, ok: false },
    upsets: [{ start: START + 3600, kind: "estop.latched", subject: "estop", count: 14, band: "demanding" }],
    after_upset: { worst: 14, upsets: 1, target: 10, limit: 10, ok: false },
    priorities: { annunciated: { "2": 30, "3": 10 }, configured: { "1": 1, "2": 3, "3": 6, "4": 10, "5": 2 }, target: { "1": 0.01, "2": 0.05, "3": 0.15, "4": 0.8 } },
    time_to_ack_s: { median: 31, p95: 300, count: 38 },
    time_to_return_s: { median: null, p95: null, count: 0 },
    standing: { mean: 3.2, max: 9 },
    shelved: { mean: 0, max: 1 },
    histogram_10_min: [
      { alarms: 0, periods: 120 },
      { alarms: 1, periods: 20 },
      { alarms: 4, periods: 3 },
      { alarms: 14, periods: 1 },
    ],
    series: [
      { start: START + 3600, count: 14 },
      { start: START + 7200, count: 4 },
    ],
    areas: [{ area: "station/pumps", count: 30, time_to_ack_median_s: 20 }],
    band: "acceptable",
    ...over,
  };
}
