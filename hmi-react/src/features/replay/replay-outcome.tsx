/** One replay: how far it is, and what it found. */
import { Button, Progress } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { cancelReplay, isOver, useReplay, type ReplayMetrics, type ReplayResult, type ReplayView } from "@/api/replay";
import { formatDateTime, formatDuration, formatNumber, MISSING } from "@/ui/format";
import { Empty, Loaded, Problem } from "@/ui/page";
import { ReplayAlarms } from "./replay-alarms";
import { sentences } from "./sentence";

const SENTENCES = 12;

export function ReplayOutcome({ id }: { id: string | null }) {
  const { t } = useTranslation();
  const job = useReplay(id);
  if (id === null) return <Empty title={t("replay.none")} hint={t("replay.noneHint")} />;
  return (
    <Loaded query={job} height={300}>
      {job.data && !job.data.result && <Way job={job.data} />}
      {job.data?.result && <Found result={job.data.result} />}
    </Loaded>
  );
}

/** A replay on its way, or one that ended without a result. */
function Way({ job }: { job: ReplayView }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const engineer = useMay("engineer");
  const cancel = useMutation({ mutationFn: () => cancelReplay(job.id), onSettled: () => queries.invalidateQueries({ queryKey: ["replays"] }) });
  const percent = Math.floor(job.progress * 100);
  return (
    <section className="panel" aria-label={t("replay.result")}>
      <div className="stack">
        <strong role="status">{t(`replay.state.${job.state}`)}</strong>
        {isOver(job) ? (
          <Problem error={job.error} />
        ) : (
          <>
            <Progress value={percent} aria-label={t("replay.result")} transitionDuration={0} />
            <span className="muted">{t("replay.progress", { percent, samples: job.samples })}</span>
            {engineer && (
              <Button size="xs" variant="default" style={{ alignSelf: "flex-start" }} loading={cancel.isPending} onClick={() => cancel.mutate()}>
                {t("replay.cancel")}
              </Button>
            )}
          </>
        )}
        {cancel.error && <Problem error={cancel.error} />}
      </div>
    </section>
  );
}

function Found({ result }: { result: ReplayResult }) {
  const { t } = useTranslation();
  const told = sentences(result);
  const left = result.alarms.filter((one) => one.why);
  return (
    <div className="replay-found">
      <section className="panel" aria-label={t("replay.result")}>
        <header className="panel-head">
          <h2 className="panel-title">{t("replay.result")}</h2>
          <span className="muted panel-note">{t("replay.samplesUsed", { start: formatDateTime(result.start), end: formatDateTime(result.end), samples: result.samples })}</span>
        </header>
        <div className="stack">
          {told.length === 0 && <strong>{t("replay.nothing")}</strong>}
          {told.length > 0 && (
            <ul className="replay-sentences">
              {told.slice(0, SENTENCES).map(({ key, ...values }) => (
                <li key={values.alarm}>{t(`replay.${key}`, values)}</li>
              ))}
            </ul>
          )}
          {left.length > 0 && (
            <details>
              <summary>! {t("replay.notReplayable", { count: left.length })}</summary>
              <ul className="replay-notes">
                {left.map((one) => (
                  <li key={one.alarm}>
                    {one.alarm}: {one.why}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </div>
      </section>
      <Metrics result={result} />
      <section className="panel" aria-label={t("replay.alarms")}>
        <header className="panel-head">
          <h2 className="panel-title">{t("replay.alarms")}</h2>
        </header>
        <div className="replay-alarms">
          <ReplayAlarms result={result} />
        </div>
      </section>
      <section className="panel" aria-label={t("replay.notes")}>
        <header className="panel-head">
          <h2 className="panel-title">{t("replay.notes")}</h2>
        </header>
        <ul className="replay-notes">
          {result.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </section>
    </div>
  );
}

const share = (part: number): string => `${formatNumber(part * 100, 1)} %`;
const FIGURES: readonly [keyof Omit<ReplayMetrics, "top" | "peak_at" | "flood_s">, (metrics: ReplayMetrics) => ReactNode][] = [
  ["count", (one) => String(one.count)],
  ["mean_10_min", (one) => formatNumber(one.mean_10_min, 2)],
  ["peak_10_min", (one) => String(one.peak_10_min)],
  ["flood_share", (one) => <span title={formatDuration(one.flood_s)}>{share(one.flood_share)}</span>],
  ["floods", (one) => String(one.floods)],
  ["chattering", (one) => String(one.chattering)],
  ["fleeting", (one) => String(one.fleeting)],
  ["standing", (one) => formatNumber(one.standing, 2)],
];

/** The figures of all alarms, recorded, with today's settings, and as proposed. */
function Metrics({ result }: { result: ReplayResult }) {
  const { t } = useTranslation();
  const sides = (["recorded", "today", "proposed"] as const).filter((side) => result[side] !== null);
  const of = (side: (typeof sides)[number]): ReplayMetrics => result[side] ?? result.today;
  return (
    <section className="panel" aria-label={t("replay.metrics")}>
      <header className="panel-head">
        <h2 className="panel-title">{t("replay.metrics")}</h2>
      </header>
      <div className="replay-metrics">
        <table>
          <thead>
            <tr>
              <th>{t("replay.figure")}</th>
              {sides.map((side) => (
                <th key={side} className="number">
                  {t(`replay.sides.${side}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {FIGURES.map(([name, figure]) => (
              <tr key={name}>
                <th scope="row">{t(`replay.figures.${name}`)}</th>
                {sides.map((side) => (
                  <td key={side} className="number">
                    {figure(of(side))}
                  </td>
                ))}
              </tr>
            ))}
            <tr>
              <th scope="row">{t("replay.top")}</th>
              {sides.map((side) => (
                <td key={side} className="number replay-top">
                  {of(side).top.slice(0, 3).map((one) => (
                    <div key={one.alarm}>
                      {one.alarm} <b>{one.count}</b>
                    </div>
                  ))}
                  {of(side).top.length === 0 && MISSING}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
    </section>
  );
}
