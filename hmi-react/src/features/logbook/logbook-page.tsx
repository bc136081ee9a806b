/** The log book of operators: what they wrote, newest first, and a new entry at the top. */
import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { exportLog, useLogPlan, type LogEntry } from "@/api/logbook";
import { useTagAreas } from "@/api/tags";
import { areasWithin } from "@/ui/areas";
import { EndlessTable } from "@/ui/endless-table";
import { ExportButton } from "@/ui/export-button";
import { Empty, Page } from "@/ui/page";
import { boundsOf, periodOf } from "@/ui/period";
import { PeriodPicker } from "@/ui/period-picker";
import { Unsaved } from "@/ui/unsaved";
import { useAddressWords } from "@/ui/use-address";
import { isNarrow } from "@/ui/use-columns";
import { EntryDetail } from "./entry-detail";
import { FilterBar } from "./filter-bar";
import { useLogColumns } from "./log-columns";
import { BEGINNINGS, draftOf, draftOfEntry, EMPTY, isDirty, type Draft } from "./log-draft";
import { asked, filtersOf } from "./log-filter";
import { QuickEntry } from "./quick-entry";
import { useLog } from "./use-log";
import "./logbook.css";

const CORRECTING = ["entry"];

export default function LogbookPage() {
  const { t } = useTranslation();
  const [search, set] = useAddressWords();
  const operator = useMay("operator");
  const period = periodOf(search, "7d");
  const filters = filtersOf(search);
  // Typed words are asked for once the typing rests.
  const [settled] = useDebouncedValue(search.toString(), 300);
  const settledFilters = useMemo(() => filtersOf(new URLSearchParams(settled)), [settled]);
  const query = useLog(settledFilters, period);
  const plan = useLogPlan().data;
  const paths = useTagAreas().data;
  const areas = useMemo(() => areasWithin((paths ?? []).map((area) => area.path)), [paths]);
  const columns = useLogColumns();
  const chosen = query.data?.pages.flatMap((page) => page.items).find((entry) => String(entry.id) === search.get("entry"));
  const [draft, setDraft] = useState<Draft>(() => draftOf(search));
  const [correction, setCorrection] = useState<Draft | null>(null);
  const dirty = isDirty(draft, draftOf(search)) || (correction !== null && chosen !== undefined && isDirty(correction, draftOfEntry(chosen)));
  const writing = operator && (!isNarrow() || search.has("new"));
  const begun = (): void => {
    setDraft(EMPTY);
    set(BEGINNINGS);
  };
  return (
    <Page
      title={t("nav.logbook")}
      tools={
        <>
          {operator && !writing && (
            <Button size="xs" onClick={() => set({ new: "1" })}>
              {t("logbook.new")}
            </Button>
          )}
          <PeriodPicker period={period} onChange={set} />
        </>
      }
    >
      <Unsaved dirty={() => dirty} words={correction ? CORRECTING : undefined} />
      <div className="logbook">
        {writing && <QuickEntry draft={draft} onDraft={setDraft} onDone={begun} onLeave={() => isNarrow() && set(BEGINNINGS)} keys={correction === null} />}
        <div className="split logbook-list">
          <div className="split-main">
            <EndlessTable<LogEntry>
              name="log-book"
              label={t("nav.logbook")}
              columns={columns}
              query={query}
              rowKey={(entry) => String(entry.id)}
              onOpen={(entry) => set({ entry: String(entry.id) })}
              selected={chosen ? String(chosen.id) : undefined}
              tools={<FilterBar filters={filters} plan={plan} areas={areas} set={(words) => set({ ...words, entry: null })} />}
              files={<ExportButton name="log-book" fetch={(now) => exportLog(asked(filters, boundsOf(period, now)))} />}
              empty={<Empty title={t("logbook.none")} hint={t("logbook.noneHint")} />}
            />
          </div>
          {chosen && <EntryDetail key={chosen.id} entry={chosen} draft={correction} onDraft={setCorrection} onClose={() => set({ entry: null })} />}
        </div>
      </div>
    </Page>
  );
}
