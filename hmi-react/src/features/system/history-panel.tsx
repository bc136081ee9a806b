/** How long the history is kept, as the settings file has it. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { KEPT, useHistoryKeeping, type Kept } from "@/api/history-keeping";
import { DataTable } from "@/ui/data-table";
import type { Column } from "@/ui/table-columns";

interface Row {
  tags: string;
  days: Kept;
}

export function HistoryPanel() {
  const { t } = useTranslation();
  const keeping = useHistoryKeeping().data;
  const columns = useMemo(
    (): Column<Row>[] => [
      { id: "tags", header: t("keeping.tags"), width: "minmax(110px, 1fr)", value: (row) => row.tags, cell: (row) => <b title={row.tags}>{row.tags}</b> },
      ...KEPT.map((name): Column<Row> => ({ id: name, header: t(`keeping.spans.${name}`), width: "74px", align: "right", value: (row) => row.days[name] ?? Infinity, cell: (row) => (row.days[name] === null ? "∞" : t("keeping.days", { count: row.days[name] })) })),
    ],
    [t],
  );
  if (!keeping) return null;
  const rows = [...keeping.groups.map(({ tags, days }) => ({ tags: tags.join(", "), days })), { tags: keeping.groups.length > 0 ? t("keeping.others") : t("keeping.all"), days: keeping.days }];
  return (
    <section className="panel" aria-label={t("keeping.title")}>
      <header className="panel-head">
        <h2 className="panel-title">{t("keeping.title")}</h2>
      </header>
      <div className="stack">
        <DataTable name="history-keeping" label={t("keeping.title")} columns={columns} rows={rows} rowKey={(row) => row.tags} fit />
        <span className="muted">
          {t("keeping.hint")} {keeping.archive && t("keeping.archive")} {keeping.plain.days > 0 && t("keeping.plain", { count: keeping.plain.days, tags: keeping.plain.tags.join(", ") })}
        </span>
      </div>
    </section>
  );
}
