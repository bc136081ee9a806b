/** The columns of the journal. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { EventRow } from "@/api/types";
import { formatDateTime } from "@/ui/format";
import type { Column } from "@/ui/table-columns";

export function useEventColumns(): Column<EventRow>[] {
  const { t } = useTranslation();
  return useMemo(
    (): Column<EventRow>[] => [
      { id: "time", header: t("events.time"), width: "206px", value: (row) => row.time, cell: (row) => formatDateTime(row.time, true) },
      { id: "kind", wide: true, header: t("events.kind"), width: "150px", value: (row) => row.kind, cell: (row) => <span className="chip">{row.kind}</span> },
      { id: "subject", wide: true, header: t("events.subject"), width: "minmax(120px, 1fr)", value: (row) => row.subject, cell: (row) => <b>{row.subject}</b> },
      { id: "message", header: t("events.message"), width: "minmax(240px, 4fr)", value: (row) => row.message },
      { id: "actor", header: t("events.actor"), width: "120px", value: (row) => row.actor },
      { id: "origin", wide: true, header: t("events.origin"), width: "150px", value: (row) => row.origin, cell: (row) => <span className="muted">{row.origin}</span> },
      { id: "seq", header: t("events.seq"), width: "80px", align: "right", value: (row) => row.seq, optional: true },
    ],
    [t],
  );
}
