/** The dashboards that somebody may look at. */
import { Button } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useMay } from "@/api/auth";
import { useDashboards, type DashboardRow } from "@/api/displays";
import { DataTable } from "@/ui/data-table";
import { formatDateTime } from "@/ui/format";
import { Empty, Loaded, Page } from "@/ui/page";
import type { Column } from "@/ui/table-columns";
import "./dashboards.css";

export default function DashboardsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const operator = useMay("operator");
  const query = useDashboards();
  const columns = useColumns();
  const add = operator && (
    <Button size="xs" component={Link} to="/dashboards/new">
      {t("dashboards.add")}
    </Button>
  );
  return (
    <Page title={t("nav.dashboards")} tools={add}>
      <Loaded query={query} height={300}>
        <DataTable
          name="dashboards"
          label={t("nav.dashboards")}
          columns={columns}
          rows={query.data ?? []}
          rowKey={(row) => String(row.id)}
          onOpen={(row) => void navigate(`/dashboards/${row.id}`)}
          empty={<Empty title={t("dashboards.none")} hint={t(operator ? "dashboards.noneHint" : "dashboards.noneViewer")} />}
        />
      </Loaded>
    </Page>
  );
}

function useColumns(): Column<DashboardRow>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      { id: "name", header: t("saved.name"), width: "minmax(160px, 2fr)", value: (row) => row.name, cell: (row) => <b>{row.name}</b> },
      { id: "description", header: t("saved.description"), width: "minmax(160px, 3fr)", value: (row) => row.description, wide: true },
      { id: "owner", header: t("saved.owner"), width: "120px", value: (row) => row.owner },
      { id: "shared", header: t("saved.sharing"), width: "90px", value: (row) => (row.shared ? t("saved.shared") : t("saved.private")) },
      { id: "strips", header: t("dashboards.strips"), width: "80px", align: "right", value: (row) => row.strips, wide: true },
      { id: "tags", header: t("dashboards.tags"), width: "80px", align: "right", value: (row) => row.tags, wide: true },
      {
        id: "changed",
        header: t("saved.changed"),
        width: "220px",
        value: (row) => row.changed,
        cell: (row) => `${formatDateTime(row.changed)} ${t("saved.changedBy")} ${row.changed_by}`,
        wide: true,
      },
    ],
    [t],
  );
}
