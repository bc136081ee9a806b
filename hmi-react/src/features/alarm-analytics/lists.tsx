/** What lies behind the figures: floods, and the alarms that chatter, flee, or stand. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Analytics } from "@/api/alarm-history";
import { formatDateTime } from "@/ui/format";
import { lastedS } from "./bins";
import { seconds } from "./metrics";

const UPSET_S = 600;

interface ListProps {
  title: string;
  hint?: string;
  none: string;
  heads: readonly (string | readonly [string, "number"])[];
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
}

function List({ title, hint, none, heads, rows }: ListProps) {
  const kind = (at: number): string | undefined => (typeof heads[at] === "string" ? undefined : "number");
  return (
    <section className="panel" aria-label={title}>
      <header className="panel-head">
        <h2 className="panel-title">{title}</h2>
        {hint && rows.length > 0 && <span className="muted">{hint}</span>}
      </header>
      {rows.length === 0 ? (
        <p className="perf-none muted">{none}</p>
      ) : (
        <div className="perf-frame">
          <table className="perf-table">
            <thead>
              <tr>
                {heads.map((head, at) => (
                  <th key={at} scope="col" className={kind(at)}>
                    {typeof head === "string" ? head : head[0]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.key}>
                  {row.cells.map((cell, at) => (
                    <td key={at} className={kind(at)}>
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

const alarmLink = (alarm: string): ReactNode => (
  <Link className="link" to={`/alarms?${new URLSearchParams({ show: "all", alarm })}`}>
    {alarm}
  </Link>
);

const number = (text: string) => [text, "number"] as const;

interface Props {
  found: Analytics;
  /** Where the rows between two instants are. */
  between(from: number, to: number): string;
}

export function Lists({ found, between }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <List
        title={t("performance.floods")}
        none={t("performance.floodsNone")}
        heads={[t("performance.start"), number(t("performance.lasted")), number(t("performance.count")), number(t("performance.peak")), t("performance.first")]}
        rows={found.flood.floods.map((flood) => ({
          key: String(flood.start),
          cells: [
            <Link key="time" className="link" to={between(flood.start, flood.end ?? found.end)}>
              {formatDateTime(flood.start)}
            </Link>,
            `${seconds(lastedS(flood, found.end))}${flood.end === null ? `, ${t("performance.ongoing")}` : ""}`,
            flood.count,
            flood.peak,
            alarmLink(flood.first_alarm),
          ],
        }))}
      />
      <List
        title={t("performance.chattering")}
        hint={t("performance.chatteringHint")}
        none={t("performance.chatteringNone")}
        heads={[t("performance.alarm"), number(t("performance.times")), number(t("performance.worst"))]}
        rows={found.chattering.map((one) => ({ key: one.alarm, cells: [alarmLink(one.alarm), one.count, one.worst_60_s] }))}
      />
      <List
        title={t("performance.fleeting")}
        hint={t("performance.fleetingHint")}
        none={t("performance.fleetingNone")}
        heads={[t("performance.alarm"), number(t("performance.times"))]}
        rows={found.fleeting.map((one) => ({ key: one.alarm, cells: [alarmLink(one.alarm), one.count] }))}
      />
      <List
        title={t("performance.stale")}
        hint={t("performance.staleHint")}
        none={t("performance.staleNone")}
        heads={[t("performance.alarm"), t("performance.since"), number(t("performance.activeFor"))]}
        rows={found.stale.map((one) => ({ key: one.alarm, cells: [alarmLink(one.alarm), formatDateTime(one.since), seconds(one.active_s)] }))}
      />
      <List
        title={t("performance.unrecorded")}
        none={t("performance.unrecordedNone")}
        heads={[t("performance.alarm"), t("performance.state"), t("performance.seen")]}
        rows={found.unrecorded.map((one, at) => ({ key: `${one.alarm} ${at}`, cells: [alarmLink(one.alarm), one.state, formatDateTime(one.seen)] }))}
      />
      <List
        title={t("performance.overdue")}
        none={t("performance.overdueNone")}
        heads={[t("performance.alarm"), t("performance.due"), number(t("performance.over"))]}
        rows={found.overdue.map((one, at) => ({ key: `${one.alarm} ${at}`, cells: [alarmLink(one.alarm), formatDateTime(one.due), seconds(one.over_s)] }))}
      />
      <List
        title={t("performance.unauthorised")}
        hint={t("performance.unauthorisedHint")}
        none={t("performance.unauthorisedNone")}
        heads={[t("performance.what"), t("performance.actor"), t("performance.last"), number(t("performance.times"))]}
        rows={found.unauthorised.map((one, at) => ({ key: `${one.alarm} ${at}`, cells: [one.alarm, one.actor, formatDateTime(one.last), one.count] }))}
      />
      <List
        title={t("performance.upsets")}
        hint={t("performance.upsetsHint")}
        none={t("performance.upsetsNone")}
        heads={[t("performance.start"), t("performance.what"), number(t("performance.count")), t("performance.bearable")]}
        rows={found.upsets.map((one) => ({
          key: String(one.start),
          cells: [
            <Link key="time" className="link" to={between(one.start, one.start + UPSET_S)}>
              {formatDateTime(one.start)}
            </Link>,
            `${one.subject} (${one.kind})`,
            one.count,
            t(`performance.upsetBands.${one.band}`),
          ],
        }))}
      />
      <List
        title={t("performance.areas")}
        none={t("performance.areasNone")}
        heads={[t("performance.area"), number(t("performance.count")), number(t("performance.ackMedian"))]}
        rows={found.areas.map((one) => ({ key: one.area, cells: [one.area || t("performance.noArea"), one.count, seconds(one.time_to_ack_median_s)] }))}
      />
    </>
  );
}
