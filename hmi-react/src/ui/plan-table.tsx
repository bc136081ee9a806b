/** What a plan would do, one line per object; a line opens to its fields and what it touches. */
import { ActionIcon } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ObjectKey, PlanLine } from "@/api/configuration";
import { ActionMark } from "./action-mark";
import { DataTable } from "./data-table";
import { changesText, valueText } from "./field-changes";
import { Empty } from "./page";
import type { Column } from "./table-columns";

const keyOf = (line: PlanLine): string => `${line.kind}:${line.name}:${line.action}`;

interface Props {
  lines: readonly PlanLine[];
  tools?: ReactNode;
  /** The page that shows an object, where it has one already. */
  pageOf?: (object: ObjectKey) => string;
}

export function PlanTable({ lines, tools, pageOf }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const line = lines.find((one) => keyOf(one) === chosen);
  const columns = useMemo(
    (): Column<PlanLine>[] => [
      { id: "action", header: t("plan.action"), width: "130px", value: (one) => t(`plan.actions.${one.action}`), cell: (one) => <ActionMark action={one.action} label={t(`plan.actions.${one.action}`)} /> },
      { id: "kind", header: t("plan.kind"), width: "100px", value: (one) => one.kind },
      { id: "name", header: t("alarm.name"), width: "minmax(140px, 1fr)", value: (one) => one.name, cell: (one) => <b>{one.name}</b> },
      { id: "fields", header: t("plan.fields"), width: "minmax(220px, 3fr)", value: (one) => changesText(one.fields) },
      { id: "touches", wide: true, header: t("plan.touches"), width: "minmax(160px, 2fr)", value: (one) => one.touches.join("; ") },
    ],
    [t],
  );
  return (
    <div className="split">
      <div className="split-main">
        <DataTable name="plan" label={t("plan.title")} columns={columns} rows={lines} rowKey={keyOf} onOpen={(one) => setChosen(keyOf(one))} selected={chosen ?? undefined} tools={tools} empty={<Empty title={t("plan.none")} hint={t("plan.noneHint")} />} />
      </div>
      {line && <PlanDetail line={line} page={pageOf?.(line)} onClose={() => setChosen(null)} />}
    </div>
  );
}

function PlanDetail({ line, page, onClose }: { line: PlanLine; page: string | undefined; onClose(): void }) {
  const { t } = useTranslation();
  const fields = Object.entries(line.fields);
  return (
    <aside className="panel split-side" aria-label={line.name}>
      <header className="panel-head">
        <ActionMark action={line.action} label={t(`plan.actions.${line.action}`)} />
        <h2 className="panel-title">{line.name}</h2>
        <ActionIcon variant="subtle" color="gray" ml="auto" onClick={onClose} aria-label={t("common.close")}>
          ✕
        </ActionIcon>
      </header>
      <div className="stack">
        {page && (
          <Link className="link" to={page}>
            {t("faceplate.details")}
          </Link>
        )}
        {fields.length > 0 && (
          <table className="diff">
            <thead>
              <tr>
                <th>{t("tagForm.field")}</th>
                <th>{t("plan.before")}</th>
                <th>{t("plan.after")}</th>
              </tr>
            </thead>
            <tbody>
              {fields.map(([field, [before, after]]) => (
                <tr key={field}>
                  <th scope="row">{field}</th>
                  <td>{valueText(before)}</td>
                  <td>{valueText(after)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {line.touches.length > 0 && (
          <ul className="lines" aria-label={t("plan.touches")}>
            {line.touches.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        )}
      </div>
    </aside>
  );
}
