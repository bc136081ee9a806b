/** Imports a table of reference points: looked at first, row by row, then taken. */
import { Button, Checkbox, FileInput, Group, Modal, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { importPoints, REFERENCES, type PointImport } from "@/api/linear-references";
import type { BulkFormat, BulkReport, BulkRow } from "@/api/tags";

const SHOWN = 200;

export const formatOf = (name: string): BulkFormat => (name.toLowerCase().endsWith(".xlsx") ? "xlsx" : "csv");

/** Mistakes first, then what would change; rows that stay as they are are only counted. */
export function rowsToShow(rows: readonly BulkRow[]): BulkRow[] {
  const rank = { bad: 0, change: 1, add: 2, same: 3 };
  return rows.filter((row) => row.action !== "same").sort((a, b) => rank[a.action] - rank[b.action] || a.row - b.row);
}

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [update, setUpdate] = useState(true);
  const [goodRows, setGoodRows] = useState(false);
  const run = useMutation({
    mutationFn: ({ chosen, options }: { chosen: File; options: PointImport }) => importPoints(chosen, formatOf(chosen.name), options),
    onSuccess: (report) => (report.applied ? queries.invalidateQueries({ queryKey: REFERENCES }) : undefined),
  });
  const look = (chosen: File | null, mayUpdate: boolean): void => {
    setFile(chosen);
    run.reset();
    if (chosen) run.mutate({ chosen, options: { dryRun: true, goodRows: false, update: mayUpdate } });
  };
  const report = run.data;
  const some = report !== undefined && report.added + report.changed > 0 && (report.bad === 0 || goodRows);
  return (
    <Modal opened onClose={onClose} title={t("line.import")} size="xl" centered>
      <Stack gap={12}>
        <FileInput label={t("line.file")} description={t("line.fileHint")} accept=".csv,.xlsx" value={file} onChange={(chosen) => look(chosen, update)} clearable data-autofocus />
        <Checkbox
          label={t("line.update")}
          checked={update}
          onChange={(event) => {
            setUpdate(event.currentTarget.checked);
            look(file, event.currentTarget.checked);
          }}
        />
        {run.error && (
          <div className="problem" role="alert">
            {words(run.error)}
          </div>
        )}
        {report && <Report report={report} />}
        {report && !report.applied && report.bad > 0 && (
          <Checkbox label={t("line.goodRows", { good: report.good, bad: report.bad })} checked={goodRows} onChange={(event) => setGoodRows(event.currentTarget.checked)} />
        )}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t(report?.applied ? "common.close" : "common.cancel")}
          </Button>
          {!report?.applied && (
            <Button loading={run.isPending} disabled={!some || file === null} onClick={() => file && run.mutate({ chosen: file, options: { dryRun: false, goodRows, update } })}>
              {t("line.take")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function Report({ report }: { report: BulkReport }) {
  const { t } = useTranslation();
  const rows = rowsToShow(report.rows);
  const { total, added, changed, bad } = report;
  return (
    <section aria-label={t("line.preview")}>
      <p role="status">{t(report.applied ? "line.done" : "line.would", { total, added, changed, bad })}</p>
      {rows.length > 0 && (
        <ul className="lines references-report">
          {rows.slice(0, SHOWN).map((row) => (
            <li key={row.row} data-action={row.action}>
              <span className="muted lines-kind">{t("line.row", { row: row.row })}</span>
              <b>{t(`line.action.${row.action}`)}</b>
              <span>{row.name}</span>
              <span className="muted">{row.mistakes.map((mistake) => `${mistake.field}: ${mistake.message}`).join("; ") || changes(row)}</span>
            </li>
          ))}
        </ul>
      )}
      {rows.length > SHOWN && <p className="muted">{t("line.more", { count: rows.length - SHOWN })}</p>}
    </section>
  );
}

function changes(row: BulkRow): string {
  if (row.action !== "change") return "";
  return Object.entries(row.fields)
    .map(([field, [before, after]]) => `${field} ${String(before ?? "–")} → ${String(after ?? "–")}`)
    .join(", ");
}
