/** What lies over a trend: limits and active times of the alarms of its pens. */
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { fetchOccurrences, type Occurrence } from "@/api/alarm-history";
import { useAlarmList } from "@/api/queries";
import { limitsOf } from "@/live/directory";
import { useAlarms } from "@/live/live";
import { usePens } from "@/ui/trend";
import { limitLines, periodsOf, type Overlay } from "@/ui/trend-overlay";
import type { Span } from "@/ui/trend-range";
import type { TrendState } from "./trend-address";

/** A tag whose alarms came so often that more pages would be needed has lanes that begin later. */
const PAGES = 5;
const REFRESH_MS = 10_000;

/** The occurrences of a tag's alarms that may reach into a span, newest first. */
async function occurrencesOf(tag: string, start: number, end: number | undefined, signal: AbortSignal): Promise<Occurrence[]> {
  const found: Occurrence[] = [];
  let before: number | null = null;
  for (let page = 0; page < PAGES; page += 1) {
    const { items, next } = await fetchOccurrences({ tag, end }, before, signal);
    found.push(...items);
    if (next === null || (items.at(-1)?.raised ?? 0) < start) break;
    before = next;
  }
  return found;
}

/** span: what is asked for; it need not be exact. */
export function useOverlay(state: TrendState, span: Span): { overlay: Overlay; failed: unknown } {
  const { pens, limits, alarms, cursors } = state;
  const views = usePens(pens);
  const list = useAlarmList().data?.items;
  // Alarms that change now are asked for again at once.
  const changes = useAlarms();
  const following = state.span === null;
  const active = useMemo(() => pens.map((tag) => (changes.byTag.get(tag) ?? []).map((alarm) => alarm.state).join()).join(";"), [changes, pens]);
  const asked = useQueries({
    queries: pens.map((tag) => ({
      queryKey: ["occurrences", "trend", tag, following ? state.range : span.start, following ? active : span.end],
      queryFn: ({ signal }: { signal: AbortSignal }) => occurrencesOf(tag, span.start, following ? undefined : span.end, signal),
      enabled: alarms && !state.table,
      refetchInterval: following ? REFRESH_MS : false,
    })),
    combine: (results) => ({ occurrences: results.flatMap((one) => one.data ?? []), failed: results.find((one) => one.error)?.error ?? null }),
  });
  const overlay = useMemo((): Overlay => {
    const known = limits ? limitsOf(list ?? []) : new Map<string, never[]>();
    return {
      limits: views.flatMap((pen, at) => limitLines(at, pen.tag, known.get(pen.tag) ?? [], pen.conversion)),
      periods: alarms ? periodsOf(asked.occurrences, span.start, following ? Infinity : span.end) : [],
      cursors,
    };
  }, [limits, list, views, alarms, asked.occurrences, span, following, cursors]);
  return { overlay, failed: alarms ? asked.failed : null };
}
