/** Recorded history through other alarm settings: choose a period and what to change, start, and read the difference. */
import { Button, MultiSelect, SegmentedControl } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { mistakesOf } from "@/api/errors";
import { useAlarmList } from "@/api/queries";
import { startReplay, useAlarmDefinitions, type ReplayQuestion } from "@/api/replay";
import type { Body } from "@/api/tags";
import { presentS } from "@/live/live";
import { leftOver, mistakeText } from "@/ui/mistakes";
import { Page, Problem } from "@/ui/page";
import { boundsOf, isOrdered, periodOf, type Period } from "@/ui/period";
import { PeriodPicker } from "@/ui/period-picker";
import { useAddressWords } from "@/ui/use-address";
import { isChanged, isFaulty, PATHS, proposedBody, type Draft, type Drafts } from "./proposal";
import { ProposalTable } from "./proposal-table";
import { RecentReplays } from "./recent-replays";
import { ReplayOutcome } from "./replay-outcome";
import "./replay.css";

const SHOWN = 100;
const LENGTHS = ["1h", "8h", "24h", "7d"] as const;

export default function ReplayPage() {
  const { t } = useTranslation();
  const [search, set] = useAddressWords();
  const chosen = useMemo(() => [...new Set((search.get("alarms") ?? "").split(",").filter(Boolean))], [search]);
  return (
    <Page title={t("replay.title")} note={t("replay.note")} scroll>
      <div className="replay">
        <div className="replay-ask">
          <Ask period={periodOf(search, "24h")} onPeriod={set} chosen={chosen} onChoose={(names) => set({ alarms: names.join(",") })} onStarted={(id) => set({ job: id })} />
          <RecentReplays chosen={search.get("job")} onChoose={(id) => set({ job: id })} />
        </div>
        <ReplayOutcome id={search.get("job")} />
      </div>
    </Page>
  );
}

/** True if it begins somewhere, and before it ends. */
const isWhole = (period: Period): boolean => isOrdered(period) && (period.preset !== null || period.from !== null);

interface AskProps {
  period: Period;
  onPeriod(words: Record<"period" | "from" | "to", string | null>): void;
  chosen: readonly string[];
  onChoose(names: readonly string[]): void;
  onStarted(id: string): void;
}

/** The question: a period, and the alarms with what would be otherwise. */
function Ask({ period, onPeriod, chosen, onChoose, onStarted }: AskProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const engineer = useMay("engineer");
  const list = useAlarmList();
  const definitions = useAlarmDefinitions(chosen);
  const [drafts, setDrafts] = useState<Drafts>({});
  const [scope, setScope] = useState("all");
  const names = useMemo(() => (list.data?.items ?? []).map((alarm) => alarm.name).sort(), [list.data]);
  const bodies = chosen.flatMap((name, at): [string, Body][] => {
    const body = definitions[at]?.data?.body;
    return body ? [[name, body]] : [];
  });
  const changed = bodies.filter(([name, body]) => isChanged(body, drafts[name] ?? {}));
  const start = useMutation({
    mutationFn: (question: ReplayQuestion) => startReplay(question),
    onSuccess: (job) => {
      void queries.invalidateQueries({ queryKey: ["replays"], exact: true });
      onStarted(job.id);
    },
  });
  const mistakes = mistakesOf(start.error);
  const unplaced = leftOver(mistakes, Object.values(PATHS));
  const ask = (): void => {
    const now = presentS();
    const { start: from, end = now } = boundsOf(period, now);
    if (from === undefined) return;
    start.mutate({
      start: from,
      end,
      alarms: changed.length > 0 ? changed.map(([name, body]) => proposedBody(body, drafts[name] ?? {})) : null,
      names: scope === "chosen" && chosen.length > 0 ? [...chosen] : null,
    });
  };
  const draft = (name: string, next: Draft): void => setDrafts((now) => ({ ...now, [name]: next }));
  const faulty = chosen.some((name) => isFaulty(drafts[name] ?? {}));
  return (
    <section className="panel" aria-label={t("replay.settings")}>
      <div className="stack">
        <PeriodPicker period={period} presets={LENGTHS} onChange={onPeriod} />
        <MultiSelect size="xs" searchable limit={SHOWN} label={t("replay.try")} placeholder={chosen.length === 0 ? t("replay.tryHint") : ""} data={names} value={[...chosen]} onChange={onChoose} maxValues={500} comboboxProps={{ transitionProps: { duration: 0 } }} />
        {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
        {definitions.map((one, at) => one.error && <Problem key={chosen[at]} error={one.error} retry={() => void one.refetch()} />)}
        {chosen.length > 0 && (
          <>
            <ProposalTable alarms={bodies} views={list.data?.items ?? []} drafts={drafts} mistakes={mistakes} onDraft={draft} onRemove={(name) => onChoose(chosen.filter((one) => one !== name))} />
            <SegmentedControl size="xs" transitionDuration={0} aria-label={t("replay.scope")} value={scope} onChange={setScope} data={(["all", "chosen"] as const).map((one) => ({ value: one, label: t(`replay.scopes.${one}`) }))} style={{ alignSelf: "flex-start" }} />
          </>
        )}
        <span className="muted">{t("replay.settingsHint")}</span>
        {start.error && mistakes.length === 0 && <Problem error={start.error} />}
        {unplaced.map((one) => (
          <Problem key={`${one.subject}${one.field}${one.message}`} error={`${one.subject}: ${mistakeText(one)}`} />
        ))}
        <Button size="xs" style={{ alignSelf: "flex-start" }} loading={start.isPending} disabled={!engineer || faulty || !isWhole(period) || bodies.length < chosen.length} title={engineer ? undefined : t("replay.engineer")} onClick={ask}>
          {t("replay.start")}
        </Button>
        {!engineer && <span className="muted">{t("replay.engineer")}</span>}
      </div>
    </section>
  );
}
