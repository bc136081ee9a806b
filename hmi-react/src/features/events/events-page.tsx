/** The journal: who and what changed, newest first. */
import { Button, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { fetchEvents } from "@/api/queries";
import type { EventRow } from "@/api/types";
import { AddressText } from "@/ui/address-text";
import { DataTable } from "@/ui/data-table";
import { Empty, Loaded, Page } from "@/ui/page";
import { EventDetail } from "./event-detail";
import { useEventColumns } from "./event-columns";

const LIMIT = 200;
const KINDS = ["alarm", "tag", "machine", "estop", "login", "user", "link", "runtime", "journal"];

export default function EventsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const kind = search.get("kind") ?? "";
  const typed = search.get("subject") ?? "";
  const [subject] = useDebouncedValue(typed.trim(), 400);
  const columns = useEventColumns();
  const query = useInfiniteQuery({
    queryKey: ["events", kind, subject],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) => fetchEvents({ kind, subject, limit: LIMIT, before: pageParam }, signal),
    getNextPageParam: (page) => (page.items.length < LIMIT ? undefined : page.items.at(-1)?.seq),
    // Older pages do not change; asking for all of them again every few seconds would only load the runtime.
    refetchInterval: (state) => ((state.state.data?.pages.length ?? 1) === 1 ? 5_000 : false),
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const chosen = rows.find((row) => String(row.seq) === search.get("event"));
  const set = (name: string, value: string | null): void =>
    setSearch(
      (now) => {
        if (value) now.set(name, value);
        else now.delete(name);
        return now;
      },
      { replace: true },
    );
  const tools = (
    <>
      <Select size="xs" clearable placeholder={t("events.kind")} aria-label={t("events.kind")} data={KINDS} value={kind || null} onChange={(value) => set("kind", value)} style={{ width: 140 }} />
      <AddressText size="xs" type="search" placeholder={t("events.subject")} aria-label={t("events.subject")} value={typed} onChange={(text) => set("subject", text)} style={{ width: 200 }} />
      <Button size="xs" variant="default" disabled={!query.hasNextPage} loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t("events.older")}
      </Button>
    </>
  );
  return (
    <Page title={t("nav.events")}>
      <Loaded query={query} height={600}>
        <div className="split">
          <div className="split-main">
            <DataTable<EventRow>
              name="events"
              label={t("nav.events")}
              columns={columns}
              rows={rows}
              rowKey={(row) => String(row.seq)}
              onOpen={(row) => set("event", String(row.seq))}
              selected={chosen ? String(chosen.seq) : undefined}
              tools={tools}
              empty={<Empty title={t("events.none")} hint={t("events.noneHint")} />}
            />
          </div>
          {chosen && <EventDetail event={chosen} onClose={() => set("event", null)} />}
        </div>
      </Loaded>
    </Page>
  );
}
