/** The pages of events that have been fetched so far, the newest ones kept true. */
import { useInfiniteQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { HistoryPage } from "@/api/alarm-history";
import { fetchEvents, type EventRow } from "@/api/events";
import { useEventNews } from "@/live/event-news";
import { presentS } from "@/live/live";
import { boundsOf, isOrdered, type Period } from "@/ui/period";
import { asked, type Filters } from "./event-filter";

type Pages = InfiniteData<HistoryPage<EventRow>, number | null>;

const goesOn = (period: Period): boolean => period.preset !== null || period.to === null || period.to > presentS();

export function useEvents(filters: Filters, period: Period) {
  const queries = useQueryClient();
  const queryKey = ["events", filters, period];
  // True when there are newer ones that would move what somebody reads further down.
  const [waiting, setWaiting] = useState(false);
  const query = useInfiniteQuery({
    queryKey,
    enabled: isOrdered(period),
    initialPageParam: null as number | null,
    queryFn: ({ pageParam, signal }) => fetchEvents(asked(filters, boundsOf(period, presentS())), pageParam, signal),
    getNextPageParam: (page) => page.next,
  });
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage, refetch } = query;
  const pages = query.data?.pages ?? [];
  const count = pages.length;
  // What is rare is looked for further back, part by part.
  const searching = hasNextPage && pages.every((page) => page.items.length === 0) && count > 0;
  useEffect(() => {
    if (searching && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [searching, isFetching, isFetchNextPageError, fetchNextPage]);
  useEventNews(() => (count > 1 ? setWaiting(true) : void refetch()), goesOn(period));
  const showNewest = (): void => {
    setWaiting(false);
    queries.setQueryData<Pages>(queryKey, (now) => now && { pages: now.pages.slice(0, 1), pageParams: now.pageParams.slice(0, 1) });
    void refetch();
  };
  return { query, searching, waiting: waiting && count > 1, showNewest };
}
