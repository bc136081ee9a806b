/** Many tags or alarms from a table: chosen, looked at row by row, then taken as a whole or only the good rows. */
import { Button, SegmentedControl } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { mistakesOf } from "@/api/errors";
import { importTable, type BulkFormat, type BulkKind, type BulkReport } from "@/api/tags";
import { CommandButton } from "@/ui/command-button";
import { FileDrop } from "@/ui/file-drop";
import { mistakeText } from "@/ui/mistakes";
import { Page, Problem } from "@/ui/page";
import { csvFile, download } from "@/ui/table-columns";
import { useAddress } from "@/ui/use-address";
import { ImportPreview } from "./import-preview";
import { templateOf } from "./import-template";
import "./tags.css";

type Mode = "upsert" | "create";

const MISTAKES_SHOWN = 50;

const formatOf = (file: File): BulkFormat => (file.name.toLowerCase().endsWith(".xlsx") ? "xlsx" : "csv");

export default function ImportPage() {
  const { t } = useTranslation();
  const [search, set] = useAddress();
  const kind: BulkKind = search.get("kind") === "alarms" ? "alarms" : "tags";
  const mode: Mode = search.get("mode") === "create" ? "create" : "upsert";
  const [file, setFile] = useState<File | null>(null);
  const preview = useMutation({ mutationFn: (chosen: { file: File; kind: BulkKind; mode: Mode }) => importTable(chosen.kind, chosen.file, formatOf(chosen.file), { dryRun: true, goodRows: false, mode: chosen.mode }) });
  const apply = useMutation({
    mutationFn: async (goodRows: boolean) => (file === null ? null : importTable(kind, file, formatOf(file), { dryRun: false, goodRows, mode })),
  });
  const look = useCallback(
    (chosen: File | null, as: { kind: BulkKind; mode: Mode }) => {
      apply.reset();
      setFile(chosen);
      if (chosen) preview.mutate({ file: chosen, ...as });
    },
    // Both are the same functions for as long as the page is shown.
    // oxlint-disable-next-line react/exhaustive-deps
    [apply.reset, preview.mutate],
  );
  const report = preview.data;
  const done = apply.data?.applied === true ? apply.data : null;
  const failure = preview.error ?? apply.error;
  const tools = (
    <>
      <SegmentedControl
        size="xs"
        transitionDuration={0}
        aria-label={t("bulk.what")}
        value={kind}
        onChange={(value) => {
          set("kind", value);
          look(null, { kind: value as BulkKind, mode });
        }}
        data={(["tags", "alarms"] as const).map((value) => ({ value, label: t(`nav.${value}`) }))}
      />
      <Button size="xs" variant="default" onClick={() => download(`${kind}.csv`, csvFile(templateOf(kind)))}>
        {t("bulk.template")}
      </Button>
    </>
  );
  return (
    <Page title={t("bulk.title")} note={file?.name} tools={tools}>
      <div className="table-frame">
        {failure && <Refused error={failure} />}
        {done ? <Done report={done} kind={kind} onAgain={() => look(null, { kind, mode })} /> : null}
        {!done && (file === null || !report) && (
          <FileDrop accept=".csv,.xlsx" label={t("bulk.choose")} hint={t("bulk.hint")} busy={preview.isPending} onFiles={(files) => look(files[0] ?? null, { kind, mode })} />
        )}
        {!done && file !== null && report && (
          <>
            <div className="table-tools">
              <SegmentedControl
                size="xs"
                transitionDuration={0}
                aria-label={t("bulk.mode")}
                value={mode}
                onChange={(value) => {
                  set("mode", value);
                  look(file, { kind, mode: value as Mode });
                }}
                data={(["upsert", "create"] as const).map((value) => ({ value, label: t(`bulk.modes.${value}`) }))}
              />
              <Button size="xs" variant="default" onClick={() => look(null, { kind, mode })}>
                {t("bulk.other")}
              </Button>
              <Decide report={report} busy={apply.isPending} onApply={apply.mutate} />
            </div>
            {apply.data && !apply.data.applied && <Problem error={t("bulk.notApplied")} />}
            <ImportPreview report={apply.data && !apply.data.applied ? apply.data : report} />
          </>
        )}
      </div>
    </Page>
  );
}

/** How many rows are good, and the ways to take them. */
function Decide({ report, busy, onApply }: { report: BulkReport; busy: boolean; onApply(goodRows: boolean): void }) {
  const { t } = useTranslation();
  const changes = report.added + report.changed;
  return (
    <>
      <span className="counts" role="status">
        <span>{t("bulk.adds", { count: report.added })}</span>
        <span>{t("bulk.changes", { count: report.changed })}</span>
        <span>{t("bulk.same", { count: report.good - changes })}</span>
        {report.bad > 0 && <span className="chip chip-bad">! {t("bulk.bad", { count: report.bad })}</span>}
      </span>
      <span className="table-tools-end">
        {report.bad > 0 && changes > 0 && <CommandButton label={t("bulk.applyGood", { count: changes })} busy={busy} onConfirm={() => onApply(true)} />}
        <CommandButton label={t("bulk.applyAll", { count: changes })} disabled={report.bad > 0 || changes === 0} busy={busy} onConfirm={() => onApply(false)} />
      </span>
    </>
  );
}

/** Why the file as a whole was refused, with the place of each mistake. */
function Refused({ error }: { error: unknown }) {
  const mistakes = mistakesOf(error);
  if (mistakes.length === 0) return <Problem error={error} />;
  return (
    <div className="problem" role="alert">
      <ul className="lines">
        {mistakes.slice(0, MISTAKES_SHOWN).map((mistake) => (
          <li key={mistake.place + mistake.field + mistake.message}>
            {[mistake.place, mistake.subject, mistake.field].filter(Boolean).join(" · ")} {mistakeText(mistake)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Done({ report, kind, onAgain }: { report: BulkReport; kind: BulkKind; onAgain(): void }) {
  const { t } = useTranslation();
  return (
    <div className="empty" role="status">
      <strong>{t("bulk.done")}</strong>
      {t("bulk.adds", { count: report.added })}, {t("bulk.changes", { count: report.changed })}
      {report.bad > 0 && `, ${t("bulk.left", { count: report.bad })}`}
      <p>
        <Link className="link" to={kind === "tags" ? "/tags" : "/alarms?show=all"}>
          {t(`nav.${kind}`)}
        </Link>{" "}
        ·{" "}
        <button type="button" className="plain-button link" onClick={onAgain}>
          {t("bulk.again")}
        </button>
      </p>
    </div>
  );
}
