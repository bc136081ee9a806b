/** How the runtime is: its checks, versions, and its own tags. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useHealth } from "@/api/queries";
import { useTagList } from "@/api/tags";
import type { TagView } from "@/api/types";
import { DataTable } from "@/ui/data-table";
import { useFaceplate } from "@/ui/faceplate-link";
import { formatDateTime } from "@/ui/format";
import { Loaded, Page } from "@/ui/page";
import type { Column } from "@/ui/table-columns";
import { TagValue } from "@/ui/tag-value";
import { BackupsPanel } from "./backups-panel";
import { checkRows, type CheckRow } from "./checks";
import { GuardPanel } from "./guard-panel";
import { HistoryPanel } from "./history-panel";
import { OperationsPanel } from "./operations-panel";

export default function SystemPage() {
  const { t } = useTranslation();
  const health = useHealth();
  const own = useTagList({ kind: "system" }).data?.items ?? [];
  const { open } = useFaceplate();
  const checkColumns = useMemo(
    (): Column<CheckRow>[] => [
      { id: "name", header: t("system.check"), width: "minmax(140px, 1fr)", value: (row) => row.name, cell: (row) => <b>{row.name}</b> },
      { id: "ok", header: t("system.result"), width: "140px", value: (row) => (row.ok ? t("system.ok") : t("system.notOk")), cell: (row) => (row.ok ? t("system.ok") : <span className="chip chip-bad">! {t("system.notOk")}</span>) },
      { id: "detail", header: t("system.detail"), width: "minmax(200px, 4fr)", value: (row) => row.detail },
    ],
    [t],
  );
  const tagColumns = useMemo(
    (): Column<TagView>[] => [
      { id: "name", header: t("tags.name"), width: "minmax(140px, 1fr)", value: (tag) => tag.name, cell: (tag) => <b>{tag.name}</b> },
      { id: "value", header: t("tags.value"), width: "160px", align: "right", value: () => "", cell: (tag) => <TagValue name={tag.name} /> },
      { id: "description", header: t("tags.description"), width: "minmax(200px, 4fr)", value: (tag) => tag.description },
    ],
    [t],
  );
  const rows = health.data ? checkRows(health.data.checks) : [];
  return (
    <Page title={t("nav.system")} scroll>
      <Loaded query={health} height={300}>
        {health.data && (
          <div className="system">
            <section className="panel">
              <header className="panel-head">
                <h2 className="panel-title">{t("system.health")}</h2>
                <span className={health.data.status === "ok" ? "chip" : "chip chip-bad"}>{t(`system.status.${health.data.status}`)}</span>
              </header>
              <div className="stack">
                <dl className="facts">
                  <dt>{t("system.site")}</dt>
                  <dd>{health.data.site}</dd>
                  <dt>{t("system.version")}</dt>
                  <dd>{health.data.version}</dd>
                  <dt>{t("system.time")}</dt>
                  <dd>{formatDateTime(health.data.time)}</dd>
                  <dt>{t("system.interface")}</dt>
                  <dd>
                    <a className="link" href="/api/docs" target="_blank" rel="noreferrer">
                      /api/docs
                    </a>
                  </dd>
                </dl>
                {rows.length > 0 && <DataTable name="checks" label={t("system.health")} columns={checkColumns} rows={rows} rowKey={(row) => row.name} fit />}
              </div>
            </section>
            <GuardPanel />
            <OperationsPanel />
            <BackupsPanel />
            <HistoryPanel />
            {own.length > 0 && (
              <section className="panel">
                <header className="panel-head">
                  <h2 className="panel-title">{t("system.tags")}</h2>
                </header>
                <div className="stack">
                  <DataTable name="system-tags" label={t("system.tags")} columns={tagColumns} rows={own} rowKey={(tag) => tag.name} onOpen={(tag) => open({ tag: tag.name })} fit />
                </div>
              </section>
            )}
          </div>
        )}
      </Loaded>
    </Page>
  );
}
