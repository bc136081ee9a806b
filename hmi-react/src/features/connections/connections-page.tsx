/** The links to devices: which answer, how fast, and what went wrong. */
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLinks } from "@/api/queries";
import type { LinkView } from "@/api/types";
import { plantStore, presentS, useCell, useServerTime } from "@/live/live";
import { Badge } from "@/ui/badges";
import { DataTable } from "@/ui/data-table";
import { useFaceplate } from "@/ui/faceplate-link";
import { formatDuration, formatNumber } from "@/ui/format";
import { Empty, Loaded, Page } from "@/ui/page";
import type { Column } from "@/ui/table-columns";

function Since({ since }: { since: number | null }) {
  useServerTime();
  return <>{since === null ? "" : formatDuration(presentS() - since)}</>;
}

export default function ConnectionsPage() {
  const { t } = useTranslation();
  const query = useLinks();
  const { open } = useFaceplate();
  useEffect(() => {
    if (query.data) plantStore.links.set(query.data.items);
  }, [query.data]);
  const links = useCell(plantStore.links);
  const columns = useMemo(
    (): Column<LinkView>[] => [
      { id: "name", header: t("links.name"), width: "minmax(110px, 1fr)", value: (link) => link.name, cell: (link) => <b>{link.name}</b> },
      {
        id: "up",
        header: t("links.state"),
        width: "130px",
        value: (link) => (link.up ? t("links.up") : t("links.down")),
        cell: (link) =>
          link.up ? (
            t("links.up")
          ) : (
            <span className="value">
              <Badge kind="bad" label={t("links.down")} /> <b>{t("links.down")}</b>
            </span>
          ),
      },
      { id: "since", header: t("links.since"), width: "120px", align: "right", value: (link) => link.since, cell: (link) => <Since since={link.since} /> },
      { id: "endpoint", header: t("links.endpoint"), width: "minmax(150px, 1fr)", value: (link) => link.endpoint, cell: (link) => <span className="mono">{link.endpoint}</span> },
      { id: "latency", header: t("links.latency"), width: "110px", align: "right", value: (link) => link.latency_ms, cell: (link) => (link.latency_ms === null ? "–" : <>{formatNumber(link.latency_ms, 1)} <span className="muted">ms</span></>) },
      { id: "requests", header: t("links.requests"), width: "110px", align: "right", value: (link) => link.requests },
      { id: "errors", header: t("links.errors"), width: "90px", align: "right", value: (link) => link.errors },
      { id: "reconnects", header: t("links.reconnects"), width: "110px", align: "right", value: (link) => link.reconnects },
      { id: "guarded", header: t("links.guarded"), width: "90px", value: (link) => (link.guarded ? t("common.yes") : t("common.no")) },
      { id: "error", header: t("links.lastError"), width: "minmax(200px, 3fr)", value: (link) => link.last_error },
    ],
    [t],
  );
  return (
    <Page title={t("nav.connections")}>
      <Loaded query={query} height={300}>
        <DataTable
          name="connections"
          label={t("nav.connections")}
          columns={columns}
          rows={links}
          rowKey={(link) => link.name}
          onOpen={(link) => open({ tag: `LINK.${link.name}.UP` })}
          empty={<Empty title={t("links.none")} hint={t("links.noneHint")} />}
        />
      </Loaded>
    </Page>
  );
}
