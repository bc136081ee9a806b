/** The event log: what users, tags, alarms, machines and the runtime did, newest first. */
import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { exportEvents, type EventRow } from "@/api/events";
import { useTagAreas } from "@/api/tags";
import { areasWithin } from "@/ui/areas";
import { EndlessTable } from "@/ui/endless-table";
import { ExportButton } from "@/ui/export-button";
import { Empty, Page } from "@/ui/page";
import { boundsOf, periodOf } from "@/ui/period";
import { PeriodPicker } from "@/ui/period-picker";
import { useAddressWords } from "@/ui/use-address";
import { asked, filtersOf } from "./event-filter";
import { EventDetail } from "./event-detail";
import { useEventColumns } from "./event-columns";
import { FilterBar } from "./filter-bar";
import { useEvents } from "./use-events";
import "./events.css";

export default function EventsPage() {
  const { t } = useTranslation();
  const [search, set] = useAddressWords();
  const period = periodOf(search, "24h");
  const filters = filtersOf(search);
  // Typed words are asked for once the typing rests.
  const [settled] = useDebouncedValue(search.toString(), 300);
  const settledFilters = useMemo(() => filtersOf(new URLSearchParams(settled)), [settled]);
  const { query, searching, waiting, showNewest } = useEvents(settledFilters, period);
  const paths = useTagAreas().data;
  const areas = useMemo(() => areasWithin((paths ?? []).map((area) => area.path)), [paths]);
  const columns = useEventColumns();
  const chosen = query.data?.pages.flatMap((page) => page.items).find((row) => String(row.seq) === search.get("event"));
  const empty = searching ? <Empty title={t("events.searching")} /> : <Empty title={t("events.none")} hint={t("events.noneHint")} />;
  return (
    <Page
      title={t("nav.events")}
      tools={
        <>
          {waiting && (
            <Button size="xs" onClick={showNewest}>
              {t("events.newer")}
            </Button>
          )}
          <PeriodPicker period={period} onChange={set} />
        </>
      }
    >
      <div className="split">
        <div className="split-main">
          <EndlessTable<EventRow>
            name="event-log"
            label={t("nav.events")}
            columns={columns}
            query={query}
            rowKey={(row) => String(row.seq)}
            onOpen={(row) => set({ event: String(row.seq) })}
            selected={chosen ? String(chosen.seq) : undefined}
            tools={<FilterBar filters={filters} areas={areas} set={(words) => set({ ...words, event: null })} />}
            files={<ExportButton name="events" fetch={(now) => exportEvents(asked(filters, boundsOf(period, now)))} />}
            empty={empty}
          />
        </div>
        {chosen && <EventDetail event={chosen} onClose={() => set({ event: null })} />}
      </div>
    </Page>
  );
}
