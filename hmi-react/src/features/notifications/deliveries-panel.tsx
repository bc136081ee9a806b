/** The newest messages, and what has become of each. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useDeliveries, type Delivery } from "@/api/notifications";
import { DataTable } from "@/ui/data-table";
import { formatDateTime } from "@/ui/format";
import type { Column } from "@/ui/table-columns";
import { Panel, StateWord } from "./panel";

export function DeliveriesPanel() {
  const { t } = useTranslation();
  const items = useDeliveries().data?.items;
  const columns = useMemo(
    (): Column<Delivery>[] => [
      { id: "created", header: t("notifications.time"), width: "170px", value: (row) => formatDateTime(row.created) },
      { id: "state", header: t("notifications.state"), width: "110px", value: (row) => t(`notifications.states.${row.state}`), cell: (row) => <StateWord bad={row.state === "failed"}>{t(`notifications.states.${row.state}`)}</StateWord> },
      { id: "channel", header: t("notifications.channel"), width: "110px", value: (row) => row.channel },
      { id: "recipient", header: t("notifications.recipient"), width: "minmax(110px, 1fr)", value: (row) => row.recipient },
      { id: "subject", header: t("notifications.subject"), width: "minmax(180px, 3fr)", value: (row) => row.subject },
      { id: "attempts", header: t("notifications.attempts"), width: "90px", align: "right", value: (row) => row.attempts },
      { id: "error", header: t("notifications.error"), width: "minmax(150px, 2fr)", value: (row) => row.error },
    ],
    [t],
  );
  if (!items) return null;
  return (
    <Panel title={t("notifications.deliveries")}>
      {items.length === 0 ? <span className="muted">{t("notifications.noDeliveries")}</span> : <DataTable name="notification-deliveries" label={t("notifications.deliveries")} columns={columns} rows={items} rowKey={(row) => String(row.seq)} fit />}
    </Panel>
  );
}
