/** The pages of the journal that have been fetched so far. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { fetchJournal, fetchOccurrences, type HistoryPage } from "@/api/alarm-history";
import { presentS } from "@/live/live";
import { boundsOf, isOrdered, type Period } from "@/ui/period";
import { occurrencesAsked, rowsAsked, type Filters } from "./journal-filter";

const REFRESH_MS = 5_000;

const isOver = (period: Period): boolean => period.preset === null && period.to !== null && period.to < presentS();

type Fetch<T> = (bounds: ReturnType<typeof boundsOf>, before: number | null, signal: AbortSignal) => Promise<HistoryPage<T>>;

function useHistory<T>(name: string, filters: Filters, period: Period, enabled: boolean, fetch: Fetch<T>) {
  return useInfiniteQuery({
    queryKey: ["alarm-history", name, filters, period],
    enabled: enabled && isOrdered(period),
    initialPageParam: null as number | null,
    queryFn: ({ pageParam, signal }) => fetch(boundsOf(period, presentS()), pageParam, signal),
    getNextPageParam: (page) => page.next,
    // Older pages do not change, nor does what is over; asking for it again every few seconds would only load the runtime.
    refetchInterval: (state) => (isOver(period) ? false : (state.state.data?.pages.length ?? 1) === 1 ? REFRESH_MS : false),
  });
}

export const useRows = (filters: Filters, period: Period, enabled: boolean) =>
  useHistory("rows", filters, period, enabled, (bounds, before, signal) => fetchJournal(rowsAsked(filters, bounds), before, signal));

export const useOccurrences = (filters: Filters, period: Period, enabled: boolean) =>
  useHistory("occurrences", filters, period, enabled, (bounds, before, signal) => fetchOccurrences(occurrencesAsked(filters, bounds), before, signal));
