/** The rules: which alarms, and who is told when. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { TFunction } from "i18next";
import type { NotificationRule } from "@/api/notifications";
import { DataTable } from "@/ui/data-table";
import type { Column } from "@/ui/table-columns";
import { Panel } from "./panel";

const ALL = 5;

export function RulesPanel({ rules }: { rules: NotificationRule[] }) {
  const { t } = useTranslation();
  const columns = useMemo(
    (): Column<NotificationRule>[] => [
      { id: "name", header: t("notifications.rule"), width: "minmax(110px, 1fr)", value: (row) => row.name, cell: (row) => <b>{row.name}</b> },
      { id: "matches", header: t("notifications.matches"), width: "minmax(150px, 2fr)", value: (row) => matches(row, t) },
      { id: "steps", header: t("notifications.steps"), width: "minmax(200px, 3fr)", value: (row) => row.steps.map((step) => told(step, t)).join("; ") },
      { id: "watched", header: t("notifications.watched"), width: "120px", align: "right", value: (row) => row.watched },
      { id: "quiet", header: t("notifications.now"), width: "110px", value: (row) => (row.quiet ? t("notifications.quiet") : "") },
    ],
    [t],
  );
  return (
    <Panel title={t("notifications.rules")}>
      <DataTable name="notification-rules" label={t("notifications.rules")} columns={columns} rows={rules} rowKey={(row) => row.name} fit />
    </Panel>
  );
}

function told(step: NotificationRule["steps"][number], t: TFunction): string {
  const whom = `${step.channel} ${step.roster}`.trim();
  return step.after_s === 0 ? t("notifications.first", { whom }) : t("notifications.step", { seconds: step.after_s, whom });
}

function matches(rule: NotificationRule, t: TFunction): string {
  const priorities = rule.priorities.length === 0 || rule.priorities.length === ALL ? [] : [t("notifications.priorities", { list: rule.priorities.join(", ") })];
  return [...priorities, ...rule.areas, ...rule.classes, ...rule.alarms].join("; ") || t("notifications.every");
}
