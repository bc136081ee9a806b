/** Alarms over time as bars, with floods behind them and what is wanted as lines. */
import { useElementSize } from "@mantine/hooks";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Analytics } from "@/api/alarm-history";
import { formatDate, formatDateTime, formatTime } from "@/ui/format";
import { instantText } from "@/ui/period";
import { barsOf, roundUp, ticksOf } from "./bins";

const HEIGHT = 220;
const LEFT = 40;
const RIGHT = 12;
const TOP = 18;
const BOTTOM = 24;
const DAY_S = 86_400;
const TICK_PX = 84;

interface Props {
  found: Analytics;
  area: string;
}

export function RateChart({ found, area }: Props) {
  const { t } = useTranslation();
  const { ref, width: measured } = useElementSize<HTMLDivElement>();
  const width = measured || 640;
  const { binS, bars, max } = useMemo(() => barsOf(found), [found]);
  const { start, end } = found;
  const bin = t(`performance.bins.${binS}`);
  const scale = binS / 600;
  const [target, limit] = [found.per_10_min.target, found.per_10_min.limit].map((one) => (one === null || one === undefined ? null : one * scale));
  const top = roundUp(Math.max(max, (limit ?? 0) * 1.25));
  const x = (time: number): number => LEFT + ((time - start) / Math.max(1, end - start)) * (width - LEFT - RIGHT);
  const y = (count: number): number => HEIGHT - BOTTOM - (count / top) * (HEIGHT - TOP - BOTTOM);
  const inside = (time: number): number => Math.min(Math.max(time, start), end);
  const { step, times } = ticksOf(start, end, Math.max(2, (width - LEFT - RIGHT) / TICK_PX));
  const summary = t("performance.rateLabel", { count: found.count, start: formatDateTime(start), end: formatDateTime(end), max, bin });
  const journal = (from: number, to: number): string => `/alarm-journal?${new URLSearchParams({ view: "occurrences", from: instantText(from), to: instantText(to), ...(area ? { area } : {}) })}`;
  return (
    <section className="panel rate" aria-label={t("performance.rate", { bin })}>
      <header className="panel-head">
        <h2 className="panel-title">{t("performance.rate", { bin })}</h2>
        <span className="muted">{t("performance.rateHint")}</span>
      </header>
      <div ref={ref} className="rate-chart">
        <svg width={width} height={HEIGHT} role="img" aria-label={summary}>
          <defs>
            <pattern id="flood-hatch" width={8} height={8} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width={3} height={8} fill="var(--p2)" opacity={0.5} />
            </pattern>
          </defs>
          {found.flood.floods.map((flood) => {
            const [from, to] = [inside(flood.start), inside(flood.end ?? end)];
            return (
              <rect key={flood.start} className="rate-flood" x={x(from)} y={TOP} width={Math.max(2, x(to) - x(from))} height={HEIGHT - TOP - BOTTOM} fill="url(#flood-hatch)">
                <title>{t("performance.floodBar", { count: flood.count, start: formatDateTime(flood.start) })}</title>
              </rect>
            );
          })}
          {[0, top / 2, top].filter((one) => Number.isInteger(one)).map((count) => (
            <g key={count}>
              <line className="rate-grid" x1={LEFT} x2={width - RIGHT} y1={y(count)} y2={y(count)} />
              <text className="rate-text" x={LEFT - 6} y={y(count) + 4} textAnchor="end">
                {count}
              </text>
            </g>
          ))}
          {bars.map((bar) => {
            const [from, to] = [inside(bar.start), inside(bar.start + binS)];
            return (
              <Link key={bar.start} to={journal(bar.start, bar.start + binS)} tabIndex={-1} className="rate-bar">
                <rect x={x(from)} y={y(bar.count)} width={Math.max(1.5, x(to) - x(from) - 1)} height={Math.max(1, HEIGHT - BOTTOM - y(bar.count))}>
                  <title>{t("performance.bar", { count: bar.count, start: formatDateTime(bar.start) })}</title>
                </rect>
              </Link>
            );
          })}
          <Level at={target} y={y} width={width} name={t("performance.target")} />
          <Level at={limit} y={y} width={width} name={t("performance.limit")} strong />
          {times.map((time) => (
            <g key={time}>
              <line className="rate-grid" x1={x(time)} x2={x(time)} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM + 4} />
              <text className="rate-text" x={x(time)} y={HEIGHT - 6} textAnchor="middle">
                {tickText(time, step)}
              </text>
            </g>
          ))}
        </svg>
      </div>
    </section>
  );
}

/** The time of day; the date at midnight and where days are counted. */
function tickText(time: number, step: number): string {
  const clock = formatTime(time).slice(0, 5);
  return step >= DAY_S || clock === "00:00" ? formatDate(time).slice(5) : clock;
}

interface LevelProps {
  at: number | null | undefined;
  y(count: number): number;
  width: number;
  name: string;
  strong?: boolean;
}

function Level({ at, y, width, name, strong = false }: LevelProps) {
  if (at === null || at === undefined) return null;
  return (
    <g className="rate-level" data-strong={strong}>
      <line x1={LEFT} x2={width - RIGHT} y1={y(at)} y2={y(at)} />
      <text className="rate-text" x={strong ? width - RIGHT : LEFT + 4} y={y(at) - 3} textAnchor={strong ? "end" : "start"}>
        {name}
      </text>
    </g>
  );
}
