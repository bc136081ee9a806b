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

const NONE: LinkView[] = [];

function Since({ since }: { since: number | null }) {
  useServerTime();
  return <>{since === null ? "" : formatDuration(presentS() - since)}</>;
}

export default function ConnectionsPage() {
  const { t } = useTranslation();
  const query = useLinks();
  const { open } = useFaceplate();
  const pushed = useCell(plantStore.links);
  const { refetch } = query;
  useEffect(() => {
    // A push tells that a link came or went; the counters of all are read with it.
    if (pushed.length > 0) void refetch();
  }, [pushed, refetch]);
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
      { id: "since", wide: true, header: t("links.since"), width: "120px", align: "right", value: (link) => link.since, cell: (link) => <Since since={link.since} /> },
      { id: "endpoint", wide: true, header: t("links.endpoint"), width: "minmax(150px, 1fr)", value: (link) => link.endpoint, cell: (link) => <span className="mono">{link.endpoint}</span> },
      { id: "latency", header: t("links.latency"), width: "110px", align: "right", value: (link) => link.latency_ms, cell: (link) => (link.latency_ms === null ? "–" : <>{formatNumber(link.latency_ms, 1)} <span className="muted">ms</span></>) },
      { id: "requests", wide: true, header: t("links.requests"), width: "110px", align: "right", value: (link) => link.requests },
      { id: "errors", wide: true, header: t("links.errors"), width: "90px", align: "right", value: (link) => link.errors },
      { id: "reconnects", wide: true, header: t("links.reconnects"), width: "110px", align: "right", value: (link) => link.reconnects },
      { id: "guarded", wide: true, header: t("links.guarded"), width: "90px", value: (link) => (link.guarded ? t("common.yes") : t("common.no")) },
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
          rows={query.data?.items ?? NONE}
          rowKey={(link) => link.name}
          onOpen={(link) => open({ tag: `LINK.${link.name}.UP` })}
          empty={<Empty title={t("links.none")} hint={t("links.noneHint")} />}
        />
      </Loaded>
    </Page>
  );
}
