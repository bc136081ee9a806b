/** The columns of the journal of alarms, row by row. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { JournalRow } from "@/api/alarm-history";
import { formatDateTime, formatShortTime } from "@/ui/format";
import { PriorityIcon } from "@/ui/priority-icon";
import type { Column } from "@/ui/table-columns";
import { isNarrow } from "@/ui/use-columns";
import { EventChip } from "./event-chip";
import { eventWord, measured, stateWord } from "./journal-words";

export function useRowColumns(): Column<JournalRow>[] {
  const { t } = useTranslation();
  return useMemo((): Column<JournalRow>[] => {
    const narrow = isNarrow();
    const event: Column<JournalRow> = { id: "event", header: t("journal.event"), width: narrow ? "136px" : "168px", value: (row) => eventWord(t, row.event), cell: (row) => <EventChip row={row} /> };
    const alarm: Column<JournalRow> = { id: "alarm", header: t("journal.alarm"), width: narrow ? "minmax(100px, 1fr)" : "minmax(150px, 1.4fr)", value: (row) => row.alarm, cell: (row) => <b title={row.alarm}>{row.alarm}</b> };
    return [
      { id: "priority", header: narrow ? "" : t("alarm.priority"), width: narrow ? "44px" : "64px", align: "center", value: (row) => row.priority, cell: (row) => row.priority !== null && <PriorityIcon priority={row.priority} /> },
      { id: "time", header: t("journal.time"), width: narrow ? "96px" : "170px", value: (row) => row.time, cell: (row) => (narrow ? formatShortTime(row.time) : formatDateTime(row.time)) },
      ...(narrow ? [alarm, event] : [event, alarm]),
      { id: "message", wide: true, header: t("journal.message"), width: "minmax(210px, 3fr)", value: (row) => row.message },
      { id: "value", wide: true, header: t("journal.value"), width: "92px", align: "right", value: (row) => measured(row.value, row.unit) },
      { id: "actor", header: t("journal.actor"), width: "92px", value: (row) => row.actor },
      { id: "comment", wide: true, header: t("journal.comment"), width: "minmax(110px, 1fr)", value: (row) => row.comment },
      { id: "area", header: t("journal.area"), width: "130px", value: (row) => row.area, optional: true },
      { id: "to", header: t("journal.to"), width: "180px", value: (row) => stateWord(t, row.to), optional: true },
      { id: "tag", header: t("journal.tag"), width: "120px", value: (row) => row.tag, optional: true },
      { id: "origin", header: t("journal.origin"), width: "150px", value: (row) => row.origin, optional: true },
      { id: "seq", header: t("journal.seq"), width: "80px", align: "right", value: (row) => row.seq, optional: true },
    ];
  }, [t]);
}
