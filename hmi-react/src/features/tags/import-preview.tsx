/** What an import would do, row by row. */
import { SegmentedControl } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { BulkReport, BulkRow } from "@/api/tags";
import { ActionMark } from "@/ui/action-mark";
import { DataTable } from "@/ui/data-table";
import { changesText } from "@/ui/field-changes";
import { mistakeText } from "@/ui/mistakes";
import { Empty } from "@/ui/page";
import type { Column } from "@/ui/table-columns";
import { useAddress } from "@/ui/use-address";

const SHOWS = ["all", "bad", "changes"] as const;
type Show = (typeof SHOWS)[number];

const passes: Record<Show, (row: BulkRow) => boolean> = {
  all: () => true,
  bad: (row) => row.action === "bad",
  changes: (row) => row.action === "add" || row.action === "change",
};

const wrongWith = (row: BulkRow): string => row.mistakes.map((mistake) => [mistake.field, mistakeText(mistake)].filter(Boolean).join(": ")).join("; ");

export function ImportPreview({ report }: { report: BulkReport }) {
  const { t } = useTranslation();
  const [search, set] = useAddress();
  const show = SHOWS.find((one) => one === search.get("show")) ?? (report.bad > 0 ? "bad" : "all");
  const rows = useMemo(() => report.rows.filter(passes[show]), [report, show]);
  const columns = useMemo(
    (): Column<BulkRow>[] => [
      { id: "row", header: t("bulk.row"), width: "72px", align: "right", value: (row) => row.row },
      { id: "action", header: t("bulk.action"), width: "120px", value: (row) => t(`bulk.actions.${row.action}`), cell: (row) => <ActionMark action={row.action} label={t(`bulk.actions.${row.action}`)} /> },
      { id: "name", header: t("alarm.name"), width: "minmax(140px, 1fr)", value: (row) => row.name, cell: (row) => <b>{row.name}</b> },
      { id: "mistakes", header: t("bulk.mistakes"), width: "minmax(220px, 3fr)", value: wrongWith, cell: (row) => <span style={{ color: "var(--bad)" }} title={wrongWith(row)}>{wrongWith(row)}</span> },
      { id: "fields", wide: true, header: t("plan.fields"), width: "minmax(220px, 3fr)", value: (row) => changesText(row.fields), cell: (row) => <span title={changesText(row.fields)}>{changesText(row.fields)}</span> },
    ],
    [t],
  );
  const tools = (
    <SegmentedControl size="xs" transitionDuration={0} aria-label={t("alarm.show")} value={show} onChange={(value) => set("show", value)} data={SHOWS.map((value) => ({ value, label: t(`bulk.shows.${value}`) }))} />
  );
  return (
    <DataTable
      name="import"
      label={t("bulk.preview")}
      columns={columns}
      rows={rows}
      rowKey={(row) => String(row.row)}
      tools={tools}
      empty={<Empty title={t("bulk.none")} hint={report.total === 0 ? t("bulk.noneHint") : undefined} />}
    />
  );
}
