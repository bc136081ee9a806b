/** The columns of the log book. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { LogEntry } from "@/api/logbook";
import { formatDateTime, formatShortTime } from "@/ui/format";
import type { Column } from "@/ui/table-columns";
import { isNarrow } from "@/ui/use-columns";

const oneLine = (entry: LogEntry): string => [entry.title, entry.text.replaceAll(/\s+/g, " ")].filter(Boolean).join(": ");

export function useLogColumns(): Column<LogEntry>[] {
  const { t } = useTranslation();
  return useMemo((): Column<LogEntry>[] => {
    const narrow = isNarrow();
    return [
      { id: "time", header: t("logbook.time"), width: narrow ? "96px" : "170px", value: (row) => row.time, cell: (row) => (narrow ? formatShortTime(row.time) : formatDateTime(row.time)) },
      { id: "category", header: t("logbook.category"), width: narrow ? "100px" : "120px", value: (row) => row.category, cell: (row) => <span className="chip">{row.category}</span> },
      { id: "text", header: t("logbook.text"), width: narrow ? "minmax(180px, 1fr)" : "minmax(260px, 4fr)", value: oneLine, cell: (row) => <span title={row.text}>{row.title ? <b>{row.title}: </b> : null}{row.text.replaceAll(/\s+/g, " ")}</span> },
      { id: "area", wide: true, header: t("logbook.area"), width: "minmax(100px, 1fr)", value: (row) => row.area },
      { id: "about", wide: true, header: t("logbook.about"), width: "minmax(100px, 1fr)", value: (row) => row.alarm || row.tag },
      { id: "author", header: t("logbook.author"), width: "104px", value: (row) => row.author },
      { id: "shift", header: t("logbook.shift"), width: "90px", value: (row) => row.shift, optional: true },
      { id: "corrected", wide: true, header: t("logbook.corrected"), width: "116px", value: (row) => row.corrected_by },
      { id: "created", header: t("logbook.written"), width: "170px", value: (row) => row.created, cell: (row) => formatDateTime(row.created), optional: true },
      { id: "id", header: t("events.seq"), width: "70px", align: "right", value: (row) => row.id, optional: true },
    ];
  }, [t]);
}
