/** Bars that lie: the alarms that came most often, how often how many came, and the mix of priorities. */
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Analytics } from "@/api/alarm-history";
import { PriorityIcon } from "@/ui/priority-icon";
import { cumulated, groupsOf, sharesOf, type Share } from "./bins";
import { percent } from "./metrics";

function LyingBar({ share, strong = false, hollow = false }: { share: number; strong?: boolean; hollow?: boolean }) {
  return (
    <span className="lying" data-strong={strong} data-hollow={hollow} aria-hidden>
      {share > 0 && <span style={{ width: `${Math.min(100, share * 100)}%` }} />}
    </span>
  );
}

export function TopTen({ top, journal }: { top: Analytics["top"]; journal(alarm: string): string }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...top.map((one) => one.count));
  return (
    <section className="panel" aria-label={t("performance.top")}>
      <header className="panel-head">
        <h2 className="panel-title">{t("performance.top")}</h2>
        <span className="muted">{t("performance.topHint")}</span>
      </header>
      <ol className="pareto">
        {cumulated(top).map((one) => (
          <li key={one.alarm}>
            <Link className="link" to={`/alarms?${new URLSearchParams({ show: "all", alarm: one.alarm })}`}>
              {one.alarm}
            </Link>
            <Link className="link pareto-count" to={journal(one.alarm)}>
              {t("performance.topCount", { count: one.count, share: percent(one.share) })}
            </Link>
            <LyingBar share={one.count / most} strong />
            <span className="muted pareto-together">
              {t("performance.cumulative")} {percent(one.together)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Histogram({ histogram }: { histogram: Analytics["histogram_10_min"] }) {
  const { t } = useTranslation();
  const groups = groupsOf(histogram);
  return (
    <section className="panel" aria-label={t("performance.histogram")}>
      <header className="panel-head">
        <h2 className="panel-title">{t("performance.histogram")}</h2>
      </header>
      <table className="perf-table">
        <thead>
          <tr>
            <th scope="col">{t("performance.histogramAlarms")}</th>
            <th scope="col" className="perf-wide">
              <span className="visually-hidden">{t("performance.histogramPeriods")}</span>
            </th>
            <th scope="col" className="number">
              {t("performance.histogramPeriods")}
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.label} data-bad={group.tooMany && group.periods > 0}>
              <th scope="row">
                {group.label}
                {group.tooMany && group.periods > 0 && <small> {t("performance.tooMany")}</small>}
              </th>
              <td className="perf-wide">
                <LyingBar share={group.share} strong={!group.tooMany} hollow={group.tooMany} />
              </td>
              <td className="number">{percent(group.share)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const PRIORITIES = ["1", "2", "3", "4", "5"] as const;

const told = (one: Share | undefined): string => (!one ? "" : one.priority === 5 ? String(one.count) : `${one.count}, ${percent(one.share)}`);

export function PriorityMix({ priorities }: { priorities: Analytics["priorities"] }) {
  const { t } = useTranslation();
  const [announced, configured] = [sharesOf(priorities.annunciated), sharesOf(priorities.configured)];
  return (
    <section className="panel" aria-label={t("performance.priorities")}>
      <header className="panel-head">
        <h2 className="panel-title">{t("performance.priorities")}</h2>
      </header>
      <dl className="mix">
        {PRIORITIES.map((priority, at) => (
          <Fragment key={priority}>
            <dt>
              <PriorityIcon priority={at + 1} />
              <small className="muted">
                {priority === "5" ? t("performance.journalOnly") : priorities.target?.[priority] !== undefined && t("performance.wanted", { share: percent(priorities.target[priority]) })}
              </small>
            </dt>
            <dd>
              <span className="mix-line">
                <span className="mix-name">{t("performance.annunciated")}</span>
                <LyingBar share={announced[at]?.share ?? 0} strong />
                <span className="number">{told(announced[at])}</span>
              </span>
              <span className="mix-line">
                <span className="mix-name">{t("performance.configured")}</span>
                <LyingBar share={configured[at]?.share ?? 0} />
                <span className="number">{told(configured[at])}</span>
              </span>
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}
