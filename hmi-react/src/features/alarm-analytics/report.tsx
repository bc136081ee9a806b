/** The whole of alarm performance in a period, once it is known. */
import { useTranslation } from "react-i18next";
import type { Analytics } from "@/api/alarm-history";
import { formatDateTime, formatDuration } from "@/ui/format";
import { Empty } from "@/ui/page";
import { instantText } from "@/ui/period";
import { BandScale } from "./band-scale";
import { Histogram, PriorityMix, TopTen } from "./bar-lists";
import { Lists } from "./lists";
import { MetricCard } from "./metric-card";
import { HOUR_S, metricsOf, MOST_OF_A_DAY_S } from "./metrics";
import { RateChart } from "./rate-chart";

interface Props {
  found: Analytics;
  area: string;
}

export function Report({ found, area }: Props) {
  const { t } = useTranslation();
  const span = t("performance.span", { start: formatDateTime(found.start), end: formatDateTime(found.end) });
  if (found.covered_s <= 0 && found.count === 0) {
    return (
      <>
        <p className="perf-span muted">{span}</p>
        <Empty title={t("performance.noRecord")} hint={t("performance.noRecordHint")} />
      </>
    );
  }
  const journal = (more: Record<string, string>): string => {
    const words = { view: "occurrences", from: instantText(found.start), to: instantText(found.end + 1), ...(area ? { area } : {}), ...more };
    return `/alarm-journal?${new URLSearchParams(words)}`;
  };
  const share = found.covered_s / Math.max(1, found.end - found.start);
  return (
    <div className="perf">
      <header className="perf-head">
        <strong title={t("performance.countHint")}>{t("performance.counted", { count: found.count })}</strong>
        <span className="muted">{[area || t("performance.plant"), span, ...(share < 0.995 ? [t("performance.covered", { time: formatDuration(found.covered_s) })] : [])].join(" · ")}</span>
      </header>
      {found.covered_s < MOST_OF_A_DAY_S && <p className="note">{t("performance.short")}</p>}
      {found.count === 0 && <Empty title={t("performance.noAlarms")} hint={t("performance.noAlarmsHint")} />}
      {found.covered_s >= HOUR_S && <BandScale band={found.band} />}
      <div className="metrics">
        {metricsOf(found).map((metric) => (
          <MetricCard key={metric.id} metric={metric} />
        ))}
      </div>
      {found.count > 0 && <RateChart found={found} area={area} />}
      <div className="perf-panels">
        {found.count > 0 && <TopTen top={found.top} journal={(alarm) => journal({ alarm })} />}
        {found.count > 0 && <Histogram histogram={found.histogram_10_min} />}
        <PriorityMix priorities={found.priorities} />
        <Lists found={found} between={(from, to) => journal({ from: instantText(from), to: instantText(to + 1) })} />
      </div>
    </div>
  );
}
