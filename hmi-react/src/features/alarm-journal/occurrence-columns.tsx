/** The columns of the occurrences of alarms: one row from raised to closed. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Occurrence } from "@/api/alarm-history";
import type { AlarmState } from "@/api/types";
import { formatDateTime, formatShortTime } from "@/ui/format";
import { PriorityIcon } from "@/ui/priority-icon";
import type { Column } from "@/ui/table-columns";
import { isNarrow } from "@/ui/use-columns";
import { acknowledgedWord, durationWord } from "./journal-words";

/** How it stands now, as the icon shows it. */
export function standing(row: Occurrence): AlarmState {
  if (row.closed !== null) return "NORM";
  if (row.returned !== null) return row.acknowledged === null ? "RTNUN" : "NORM";
  return row.acknowledged === null && !row.suppressed ? "UNACK" : "ACKED";
}

export function useOccurrenceColumns(): Column<Occurrence>[] {
  const { t } = useTranslation();
  return useMemo((): Column<Occurrence>[] => {
    const narrow = isNarrow();
    const time = (seconds: number): string => (narrow ? formatShortTime(seconds) : formatDateTime(seconds));
    const timeWidth = narrow ? "100px" : "170px";
    return [
      { id: "priority", header: narrow ? "" : t("alarm.priority"), width: narrow ? "44px" : "64px", align: "center", value: (row) => row.priority, cell: (row) => row.priority !== null && <PriorityIcon priority={row.priority} state={standing(row)} /> },
      { id: "raised", header: t("journal.raised"), width: timeWidth, value: (row) => row.raised, cell: (row) => time(row.raised) },
      { id: "alarm", header: t("journal.alarm"), width: narrow ? "minmax(110px, 1fr)" : "minmax(150px, 1fr)", value: (row) => row.alarm, cell: (row) => <b title={row.alarm}>{row.alarm}</b> },
      { id: "message", wide: true, header: t("alarm.message"), width: "minmax(170px, 2fr)", value: (row) => row.message },
      { id: "ack", header: t("journal.ack"), width: narrow ? "150px" : "190px", value: (row) => acknowledgedWord(t, row), cell: (row) => <span className={row.acknowledged === null ? "muted" : undefined}>{acknowledgedWord(t, row)}</span> },
      { id: "returned", header: t("journal.returned"), width: timeWidth, value: (row) => row.returned, cell: (row) => (row.returned === null ? <b>{t(row.closed === null ? "journal.stillActive" : "journal.closed")}</b> : time(row.returned)) },
      { id: "lasted", header: t("journal.lasted"), width: "104px", align: "right", value: (row) => row.duration_s, cell: (row) => durationWord(row.duration_s) },
      { id: "comments", wide: true, header: t("journal.comments"), width: "92px", align: "right", value: (row) => row.comments, cell: (row) => row.comments || "" },
      { id: "area", header: t("journal.area"), width: "130px", value: (row) => row.area, optional: true },
      { id: "tag", header: t("journal.tag"), width: "120px", value: (row) => row.tag, optional: true },
      { id: "closed", header: t("journal.closed"), width: timeWidth, value: (row) => row.closed, cell: (row) => (row.closed === null ? t("journal.stillOpen") : time(row.closed)), optional: true },
    ];
  }, [t]);
}
