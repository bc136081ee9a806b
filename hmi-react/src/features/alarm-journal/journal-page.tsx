/** The alarm journal: what alarms did and what people did with them, row by row or one row per occurrence. */
import { SegmentedControl } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { exportJournal, type JournalRow, type Occurrence } from "@/api/alarm-history";
import { useAlarmList } from "@/api/queries";
import { areasWithin } from "@/ui/areas";
import { EndlessTable } from "@/ui/endless-table";
import { ExportButton } from "@/ui/export-button";
import { Empty, Page } from "@/ui/page";
import { boundsOf, periodOf } from "@/ui/period";
import { PeriodPicker } from "@/ui/period-picker";
import { useAddressWords } from "@/ui/use-address";
import { FilterBar } from "./filter-bar";
import { filtersOf, rowsAsked, viewOf, VIEWS } from "./journal-filter";
import { OccurrenceDetail } from "./occurrence-detail";
import { useOccurrenceColumns } from "./occurrence-columns";
import { RowDetail } from "./row-detail";
import { useRowColumns } from "./row-columns";
import { useOccurrences, useRows } from "./use-journal";
import "./alarm-journal.css";

export default function JournalPage() {
  const { t } = useTranslation();
  const [search, set] = useAddressWords();
  const view = viewOf(search);
  const period = periodOf(search, "24h");
  const [settled] = useDebouncedValue(search.toString(), 300);
  const filters = filtersOf(search);
  // Typed words are asked for once the typing rests.
  const asked = useMemo(() => filtersOf(new URLSearchParams(settled)), [settled]);
  const rows = useRows(asked, period, view === "rows");
  const occurrences = useOccurrences(asked, period, view === "occurrences");
  const list = useAlarmList();
  const names = useMemo(() => {
    const all = list.data?.items ?? [];
    const unique = (words: readonly string[]): string[] => [...new Set(words)].sort();
    return { areas: areasWithin(all.map((alarm) => alarm.area)), alarms: unique(all.map((alarm) => alarm.name)), tags: unique(all.map((alarm) => alarm.tag)) };
  }, [list.data]);
  const rowColumns = useRowColumns();
  const occurrenceColumns = useOccurrenceColumns();
  const row = rows.data?.pages.flatMap((page) => page.items).find((one) => String(one.seq) === search.get("row"));
  const occurrence = occurrences.data?.pages.flatMap((page) => page.items).find((one) => String(one.id) === search.get("occurrence"));
  const tools = <FilterBar view={view} filters={filters} {...names} set={(words) => set({ ...words, row: null, occurrence: null })} />;
  return (
    <Page
      title={t("nav.alarmJournal")}
      tools={
        <>
          <SegmentedControl
            size="xs"
            transitionDuration={0}
            aria-label={t("journal.view")}
            value={view}
            onChange={(value) => set({ view: value === "rows" ? null : value, row: null, occurrence: null })}
            data={VIEWS.map((one) => ({ value: one, label: t(`journal.views.${one}`) }))}
          />
          <PeriodPicker period={period} onChange={set} />
        </>
      }
    >
      <div className="split">
        <div className="split-main">
          {view === "rows" ? (
            <EndlessTable<JournalRow>
              name="alarm-journal"
              label={t("nav.alarmJournal")}
              columns={rowColumns}
              query={rows}
              rowKey={(one) => String(one.seq)}
              onOpen={(one) => set({ row: String(one.seq) })}
              selected={row ? String(row.seq) : undefined}
              tools={tools}
              files={<ExportButton name="alarm-journal" fetch={(now) => exportJournal(rowsAsked(filters, boundsOf(period, now)))} />}
              empty={<Empty title={t("journal.none")} hint={t("journal.noneHint")} />}
            />
          ) : (
            <EndlessTable<Occurrence>
              name="alarm-occurrences"
              label={t("journal.views.occurrences")}
              columns={occurrenceColumns}
              query={occurrences}
              rowKey={(one) => String(one.id)}
              onOpen={(one) => set({ occurrence: String(one.id) })}
              selected={occurrence ? String(occurrence.id) : undefined}
              tools={tools}
              empty={<Empty title={t("journal.noOccurrences")} hint={t("journal.noOccurrencesHint")} />}
            />
          )}
        </div>
        {row && view === "rows" && <RowDetail row={row} onClose={() => set({ row: null })} />}
        {occurrence && view === "occurrences" && <OccurrenceDetail key={occurrence.id} occurrence={occurrence} onClose={() => set({ occurrence: null })} />}
      </div>
    </Page>
  );
}
