/** The backups: what is there, when the next one is due, and one by hand. For administrators. */
import { Button, Progress } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { useBackups, useRemoveBackup, useStartBackup, type BackupView } from "@/api/backups";
import { words } from "@/api/errors";
import { CommandButton } from "@/ui/command-button";
import { DataTable } from "@/ui/data-table";
import { formatDateTime } from "@/ui/format";
import type { Column } from "@/ui/table-columns";

const MIB = 2 ** 20;

export function BackupsPanel() {
  const { t } = useTranslation();
  const may = useMay("admin");
  const backups = useBackups(may).data;
  const start = useStartBackup();
  const { mutate: removeBackup, error: removeError } = useRemoveBackup();
  const columns = useMemo(
    (): Column<BackupView>[] => [
      { id: "made", header: t("backups.made"), width: "170px", value: (row) => formatDateTime(row.made) },
      { id: "name", header: t("backups.name"), width: "minmax(180px, 2fr)", value: (row) => row.name, cell: (row) => <b>{row.name}</b> },
      { id: "bytes", header: t("backups.size"), width: "110px", align: "right", value: (row) => `${(row.bytes / MIB).toFixed(1)} MiB` },
      { id: "version", header: t("backups.version"), width: "100px", value: (row) => row.version },
      { id: "act", header: "", width: "150px", align: "right", value: () => "", cell: (row) => <CommandButton label={t("backups.remove")} onConfirm={() => removeBackup(row.name)} /> },
    ],
    [t, removeBackup],
  );
  if (!may || !backups) return null;
  const { status } = backups;
  const failure = start.error ?? removeError;
  return (
    <section className="panel" aria-label={t("backups.title")}>
      <header className="panel-head">
        <h2 className="panel-title">{t("backups.title")}</h2>
        <Button size="xs" variant="default" disabled={status.progress !== null} loading={start.isPending} onClick={() => start.mutate()}>
          {t("backups.start")}
        </Button>
      </header>
      <div className="stack">
        <span className="muted">
          {t("backups.where", { folder: backups.folder, keep: backups.keep })} {status.next === null ? t("backups.byHand") : t("backups.next", { time: formatDateTime(status.next) })}
        </span>
        {status.progress !== null && <Progress value={status.progress * 100} aria-label={t("backups.running", { by: status.by })} />}
        {status.error !== "" && (
          <span className="chip chip-bad" role="status">
            ! {t("backups.failed", { error: status.error })}
          </span>
        )}
        {failure != null && (
          <span className="problem" role="alert">
            {words(failure)}
          </span>
        )}
        {backups.items.length === 0 ? <span className="muted">{t("backups.none")}</span> : <DataTable name="backups" label={t("backups.title")} columns={columns} rows={backups.items} rowKey={(row) => row.name} fit />}
      </div>
    </section>
  );
}
