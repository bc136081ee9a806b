/** The people of each roster, and who of them is on duty now. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Roster } from "@/api/notifications";
import { DataTable } from "@/ui/data-table";
import type { Column } from "@/ui/table-columns";
import { Panel } from "./panel";

interface Duty {
  roster: string;
  person: string;
  channels: string;
  state: "always" | "onDuty" | "offDuty";
}

export function DutyPanel({ rosters }: { rosters: Roster[] }) {
  const { t } = useTranslation();
  const rows = rosters.flatMap((roster) =>
    roster.people.map((one): Duty => ({ roster: roster.name, person: one.name, channels: one.channels.join(", "), state: one.always ? "always" : one.on_duty ? "onDuty" : "offDuty" })),
  );
  const columns = useMemo(
    (): Column<Duty>[] => [
      { id: "roster", header: t("notifications.roster"), width: "minmax(110px, 1fr)", value: (row) => row.roster },
      { id: "person", header: t("notifications.person"), width: "minmax(110px, 1fr)", value: (row) => row.person, cell: (row) => <b>{row.person}</b> },
      { id: "state", header: t("notifications.now"), width: "150px", value: (row) => t(`notifications.${row.state}`), cell: (row) => (row.state === "offDuty" ? <span className="muted">{t("notifications.offDuty")}</span> : `✓ ${t(`notifications.${row.state}`)}`) },
      { id: "channels", header: t("notifications.channels"), width: "minmax(120px, 2fr)", value: (row) => row.channels },
    ],
    [t],
  );
  return (
    <Panel title={t("notifications.duty")}>
      <DataTable name="notification-duty" label={t("notifications.duty")} columns={columns} rows={rows} rowKey={(row) => `${row.roster}/${row.person}`} fit />
    </Panel>
  );
}
