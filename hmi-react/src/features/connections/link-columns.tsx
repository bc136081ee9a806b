/** The columns of the links. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { LinkView } from "@/api/types";
import type { Column } from "@/ui/table-columns";
import { errorKinds, millis } from "./connection-rows";
import { Since, StateText } from "./link-state";

export function useLinkColumns(): Column<LinkView>[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const words = (link: LinkView): string => errorKinds(link).map(({ kind, count }) => t("links.kindCount", { kind: t(`links.kinds.${kind}`), count })).join(", ");
    return [
      { id: "name", header: t("links.name"), width: "minmax(110px, 1fr)", value: (link) => link.name, cell: (link) => <b>{link.name}</b> },
      { id: "state", header: t("links.state"), width: "130px", value: (link) => t(`links.states.${link.state}`), cell: (link) => <StateText state={link.state} /> },
      { id: "kind", wide: true, header: t("links.kind"), width: "90px", value: (link) => link.kind },
      { id: "tags", wide: true, header: t("links.tags"), width: "70px", align: "right", value: (link) => link.tags },
      { id: "since", wide: true, header: t("links.since"), width: "120px", align: "right", value: (link) => link.since, cell: (link) => <Since since={link.since} /> },
      { id: "endpoint", wide: true, optional: true, header: t("links.endpoint"), width: "minmax(150px, 1fr)", value: (link) => link.endpoint, cell: (link) => <span className="mono">{link.endpoint}</span> },
      { id: "p50", header: t("links.latencyHead", { point: "50 %" }), width: "110px", align: "right", value: (link) => link.latency_p50_ms, cell: (link) => millis(link.latency_p50_ms) },
      { id: "p95", wide: true, header: "95 %", width: "90px", align: "right", value: (link) => link.latency_p95_ms, cell: (link) => millis(link.latency_p95_ms) },
      { id: "p99", wide: true, header: "99 %", width: "90px", align: "right", value: (link) => link.latency_p99_ms, cell: (link) => millis(link.latency_p99_ms) },
      { id: "requests", wide: true, header: t("links.requests"), width: "100px", align: "right", value: (link) => link.requests },
      { id: "errors", wide: true, header: t("links.errors"), width: "80px", align: "right", value: (link) => link.errors },
      { id: "kinds", wide: true, header: t("links.errorsByKind"), width: "minmax(150px, 1fr)", value: words },
      { id: "reconnects", wide: true, header: t("links.reconnects"), width: "110px", align: "right", value: (link) => link.reconnects },
      { id: "dropped", wide: true, header: t("links.dropped"), width: "110px", align: "right", value: (link) => link.dropped },
      { id: "guarded", wide: true, optional: true, header: t("links.guarded"), width: "90px", value: (link) => (link.guarded ? t("common.yes") : t("common.no")) },
      { id: "error", header: t("links.lastError"), width: "minmax(180px, 2fr)", value: (link) => link.last_error },
    ];
  }, [t]);
}
