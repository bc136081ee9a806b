/** The newest commands, and what has become of each. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useOperations, type OperationView } from "@/api/outputs";
import { plantStore, useCell } from "@/live/live";
import { DataTable } from "@/ui/data-table";
import { useFaceplate } from "@/ui/faceplate-link";
import { formatDateTime } from "@/ui/format";
import type { Column } from "@/ui/table-columns";

const SHOWN = 50;
const FINE = new Set(["accepted", "sent", "confirmed", "done", "cancelled", "replaced"]);

export function OperationsPanel() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const told = useCell(plantStore.operation);
  const items = useOperations(SHOWN).data?.items;
  const { open } = useFaceplate();
  useEffect(() => {
    if (told !== null) void queries.invalidateQueries({ queryKey: ["operations"] });
  }, [told, queries]);
  const columns = useMemo(
    (): Column<OperationView>[] => [
      { id: "created", header: t("operations.time"), width: "170px", value: (row) => formatDateTime(row.created) },
      { id: "subject", header: t("operations.subject"), width: "minmax(140px, 1fr)", value: (row) => row.subject, cell: (row) => <b>{row.subject}</b> },
      { id: "value", header: t("operations.value"), width: "110px", align: "right", value: (row) => `${String(row.value)} ${row.unit}`.trim() },
      { id: "actor", header: t("operations.actor"), width: "120px", value: (row) => row.actor },
      { id: "state", header: t("operations.state"), width: "120px", value: (row) => t(`operations.states.${row.state}`), cell: (row) => (FINE.has(row.state) ? t(`operations.states.${row.state}`) : <span className="chip chip-bad">! {t(`operations.states.${row.state}`)}</span>) },
      { id: "message", header: t("operations.message"), width: "minmax(180px, 3fr)", value: (row) => row.message },
    ],
    [t],
  );
  if (!items) return null;
  return (
    <section className="panel" aria-label={t("operations.title")}>
      <header className="panel-head">
        <h2 className="panel-title">{t("operations.title")}</h2>
      </header>
      <div className="stack">
        {items.length === 0 ? <span className="muted">{t("operations.none")}</span> : <DataTable name="operations" label={t("operations.title")} columns={columns} rows={items} rowKey={(row) => row.id} onOpen={(row) => open({ tag: row.subject })} fit />}
      </div>
    </section>
  );
}
