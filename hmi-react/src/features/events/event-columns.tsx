/** The columns of the event log. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { EventRow } from "@/api/events";
import { formatDateTime, formatShortTime } from "@/ui/format";
import type { Column } from "@/ui/table-columns";
import { isNarrow } from "@/ui/use-columns";
import { kindWord } from "./event-words";
import { RankMark } from "./rank-mark";

export function useEventColumns(): Column<EventRow>[] {
  const { t } = useTranslation();
  return useMemo((): Column<EventRow>[] => {
    const narrow = isNarrow();
    return [
      { id: "priority", header: narrow ? "" : t("events.priority"), width: narrow ? "44px" : "64px", align: "center", value: (row) => row.priority, cell: (row) => <RankMark event={row} /> },
      { id: "time", header: t("events.time"), width: narrow ? "96px" : "170px", value: (row) => row.time, cell: (row) => (narrow ? formatShortTime(row.time) : formatDateTime(row.time)) },
      { id: "class", wide: true, header: t("events.class"), width: "112px", value: (row) => t(`events.classes.${row.class}`) },
      { id: "kind", wide: true, header: t("events.kind"), width: "150px", value: (row) => row.kind, cell: (row) => <span className="chip" title={row.kind}>{kindWord(row.kind)}</span> },
      { id: "subject", wide: true, header: t("events.subject"), width: "minmax(120px, 1fr)", value: (row) => row.subject, cell: (row) => <b title={row.subject}>{row.subject}</b> },
      { id: "message", header: t("events.message"), width: narrow ? "minmax(190px, 1fr)" : "minmax(220px, 3fr)", value: (row) => row.message, cell: (row) => (narrow ? <span><b>{row.subject}</b> {row.message}</span> : <span title={row.message}>{row.message}</span>) },
      { id: "actor", wide: true, header: t("events.actor"), width: "104px", value: (row) => row.actor },
      { id: "comments", wide: true, header: t("events.comments"), width: "92px", align: "right", value: (row) => row.comments, cell: (row) => row.comments || "" },
      { id: "criticality", header: t("events.criticality"), width: "96px", value: (row) => t(`events.criticalities.${row.criticality}`), optional: true },
      { id: "tag", header: t("events.tag"), width: "130px", value: (row) => row.tag, optional: true },
      { id: "area", header: t("events.area"), width: "140px", value: (row) => row.area, optional: true },
      { id: "origin", header: t("events.origin"), width: "150px", value: (row) => row.origin, optional: true },
      { id: "seq", header: t("events.seq"), width: "80px", align: "right", value: (row) => row.seq, optional: true },
    ];
  }, [t]);
}
