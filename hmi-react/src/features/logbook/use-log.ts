/** The pages of the log book that have been fetched so far. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { fetchLog } from "@/api/logbook";
import { useEventNews } from "@/live/event-news";
import { presentS } from "@/live/live";
import { boundsOf, isOrdered, type Period } from "@/ui/period";
import { asked, type Filters } from "./log-filter";

const REFRESH_MS = 30_000;

export function useLog(filters: Filters, period: Period) {
  const query = useInfiniteQuery({
    queryKey: ["logbook", "entries", filters, period],
    enabled: isOrdered(period),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => fetchLog(asked(filters, boundsOf(period, presentS())), pageParam, signal),
    getNextPageParam: (page) => page.next,
    refetchInterval: REFRESH_MS,
  });
  // Whoever writes is journalled, which is an event.
  useEventNews(() => void query.refetch(), (query.data?.pages.length ?? 0) === 1);
  return query;
}
