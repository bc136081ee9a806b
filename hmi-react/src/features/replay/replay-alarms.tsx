/** Alarm by alarm: what was recorded, what today's settings and the proposed ones make of the same samples. */
import { ActionIcon } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ReplayAlarm, ReplayOccurrence, ReplayResult } from "@/api/replay";
import { DataTable } from "@/ui/data-table";
import { formatDateTime, formatDuration, MISSING } from "@/ui/format";
import type { Column } from "@/ui/table-columns";
import { chatters, finalOf } from "./sentence";

const weight = (one: ReplayAlarm): number => (one.removed + one.added) * 1e6 + one.recorded.count;

export function ReplayAlarms({ result }: { result: ReplayResult }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const rows = useMemo(() => [...result.alarms].sort((a, b) => weight(b) - weight(a) || a.alarm.localeCompare(b.alarm)), [result]);
  const compared = result.proposed !== null;
  const columns = useMemo((): Column<ReplayAlarm>[] => {
    const count = (id: string, header: string, value: (one: ReplayAlarm) => number | undefined, wide = false): Column<ReplayAlarm> => ({
      id,
      header,
      width: "78px",
      align: "right",
      wide,
      value,
      cell: (one) => value(one) ?? MISSING,
    });
    return [
      { id: "alarm", header: t("replay.alarm"), width: "minmax(104px, 2fr)", value: (one) => one.alarm, cell: (one) => <b title={one.alarm}>{one.alarm}</b> },
      count("recorded", t("replay.sides.recorded"), (one) => one.recorded.count, true),
      count("today", t("replay.sides.today"), (one) => one.today?.count),
      ...(compared ? [count("proposed", t("replay.sides.proposed"), (one) => one.proposed?.count)] : []),
      count("removed", t("replay.gone"), (one) => one.removed),
      count("added", t("replay.new"), (one) => one.added, true),
      { id: "chattering", header: t("replay.chattering"), width: "100px", wide: true, value: (one) => chatters(finalOf(one)), cell: (one) => (chatters(finalOf(one)) ? <span className="chip">≋ {t("common.yes")}</span> : "") },
      count("fleeting", t("replay.fleeting"), (one) => finalOf(one)?.fleeting, true),
      { id: "standing", header: t("replay.standing"), width: "110px", align: "right", wide: true, value: (one) => finalOf(one)?.standing_s, cell: (one) => (finalOf(one) ? formatDuration(finalOf(one)?.standing_s ?? 0) : MISSING) },
      count("samples", t("replay.samples"), (one) => one.samples, true),
      { id: "remark", header: t("replay.remark"), width: "minmax(140px, 2fr)", wide: true, value: (one) => one.why || (one.changed ? t("replay.changed") : ""), cell: (one) => <span title={one.why}>{one.why || (one.changed ? t("replay.changed") : "")}</span> },
    ];
  }, [t, compared]);
  const alarm = rows.find((one) => one.alarm === chosen);
  return (
    <div className="split">
      <div className="split-main">
        <DataTable name="replay" label={t("replay.alarms")} columns={columns} rows={rows} rowKey={(one) => one.alarm} onOpen={(one) => setChosen(one.alarm)} selected={chosen ?? undefined} />
      </div>
      {alarm && <Occurrences alarm={alarm} onClose={() => setChosen(null)} />}
    </div>
  );
}

function Occurrences({ alarm, onClose }: { alarm: ReplayAlarm; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <aside className="panel split-side" aria-label={alarm.alarm}>
      <header className="panel-head">
        <h2 className="panel-title">{alarm.alarm}</h2>
        <ActionIcon variant="subtle" color="gray" ml="auto" onClick={onClose} aria-label={t("common.close")}>
          ✕
        </ActionIcon>
      </header>
      <div className="stack">
        <span className="muted">{alarm.tag}</span>
        {alarm.why && <span>{alarm.why}</span>}
        <Times title={t("replay.occurrences")} times={alarm.removed_at} />
        <Times title={t("replay.occurrencesNew")} times={alarm.added_at} />
        {!alarm.why && alarm.removed + alarm.added === 0 && <span>{t("replay.nothing")}</span>}
      </div>
    </aside>
  );
}

function Times({ title, times }: { title: string; times: readonly ReplayOccurrence[] }) {
  const { t } = useTranslation();
  if (times.length === 0) return null;
  return (
    <>
      <strong>{title}</strong>
      <ul className="lines">
        {times.map((one) => (
          <li key={one.raised}>
            {formatDateTime(one.raised, true)} <span className="muted">{one.returned === null ? t("replay.stands") : formatDuration(one.returned - one.raised)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
