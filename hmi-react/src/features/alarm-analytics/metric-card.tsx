/** One figure of alarm performance with what is wanted, and a verdict in word and shape. */
import { useTranslation } from "react-i18next";
import type { Metric, Note, Verdict } from "./metrics";

const PATHS: Record<Verdict, string> = {
  good: "M12 2A10 10 0 1 1 11.99 2ZM7 12.5L10.5 16L17 8.5",
  fair: "M12 2.5L23 21.5H1ZM12 9.5V15M12 17.2V19",
  poor: "M7.5 1.5H16.5L22.5 7.5V16.5L16.5 22.5H7.5L1.5 16.5V7.5ZM8 8L16 16M16 8L8 16",
  unknown: "M12 2A10 10 0 1 1 11.99 2ZM8 12H16",
};

export function VerdictMark({ verdict }: { verdict: Verdict }) {
  return (
    <svg className="verdict-mark" data-verdict={verdict} width={20} height={20} viewBox="0 0 24 24" aria-hidden>
      <path d={PATHS[verdict]} />
    </svg>
  );
}

export function MetricCard({ metric }: { metric: Metric }) {
  const { t } = useTranslation();
  return (
    <section className="panel metric" aria-label={t(`performance.metrics.${metric.id}`)} data-verdict={metric.verdict}>
      <h3 className="metric-name">{t(`performance.metrics.${metric.id}`)}</h3>
      <span className="metric-value">{metric.value}</span>
      {metric.verdict !== "unknown" && (
        <span className="metric-verdict">
          <VerdictMark verdict={metric.verdict} />
          {t(`performance.verdicts.${metric.verdict}`)}
        </span>
      )}
      <Bounds metric={metric} />
      <NoteLine id={metric.id} note={metric.note} />
    </section>
  );
}

function Bounds({ metric: { target, limit } }: { metric: Metric }) {
  const { t } = useTranslation();
  if (target !== null && limit !== null && target !== limit) return <span className="muted">{t("performance.bounds", { target, limit })}</span>;
  if (limit !== null) return <span className="muted">{t("performance.onlyLimit", { limit })}</span>;
  return target === null ? null : <span className="muted">{t("performance.onlyTarget", { target })}</span>;
}

function NoteLine({ id, note }: { id: Metric["id"]; note: Note }) {
  const { t } = useTranslation();
  if (note === null) return null;
  const words = (): string => {
    switch (note.kind) {
      case "floods":
        return t("performance.metrics.flood_note", { count: note.count });
      case "whole":
        return t("performance.metrics.stale_note", { count: note.count });
      case "spread":
        return t("performance.metrics.spread_note", { p95: note.p95, count: note.count });
      case "most":
        return t(id === "per_day" ? "performance.metrics.per_day_note" : "performance.metrics.level_note", { max: note.max });
    }
  };
  return <span className="muted">{words()}</span>;
}
