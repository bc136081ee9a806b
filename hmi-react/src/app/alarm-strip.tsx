/** At the bottom of every page: the three most important unacknowledged alarms, how many there are, the sound. */
import { ActionIcon } from "@mantine/core";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useMay } from "@/api/auth";
import { words } from "@/api/errors";
import { acknowledge } from "@/api/queries";
import type { AlarmView } from "@/api/types";
import { mostImportant, PRIORITIES } from "@/live/alarm-order";
import { plantStore, useAlarms, useIsLive } from "@/live/live";
import { useFaceplate } from "@/ui/faceplate-link";
import { formatTime } from "@/ui/format";
import { PriorityIcon } from "@/ui/priority-icon";
import { useAlarmSound, type Sound } from "./use-alarm-sound";
import { useStripKeys } from "./use-strip-keys";

const SHOWN = 3;
const TOLD_MS = 6_000;

interface Told {
  text: string;
  bad: boolean;
}

/** Acknowledges one alarm, and what became of it, for a few seconds; a refusal stays until the next one. */
function useAcknowledge(may: boolean): { told: Told | null; act(alarm: AlarmView): void } {
  const { t } = useTranslation();
  const [told, setTold] = useState<Told | null>(null);
  const asked = useRef(new Set<string>());
  useEffect(() => {
    if (told === null || told.bad) return undefined;
    const timer = window.setTimeout(() => setTold(null), TOLD_MS);
    return () => window.clearTimeout(timer);
  }, [told]);
  const act = useCallback(
    (alarm: AlarmView): void => {
      if (!may) return setTold({ text: t("command.needsOperator"), bad: true });
      if (asked.current.has(alarm.name)) return;
      asked.current.add(alarm.name);
      acknowledge(alarm)
        .then((view) => {
          plantStore.alarmsChanged([view]);
          setTold({ text: t("strip.done", { name: alarm.description || alarm.name }), bad: false });
        })
        .catch((error: unknown) => setTold({ text: `${alarm.name}: ${words(error)}`, bad: true }))
        .finally(() => asked.current.delete(alarm.name));
    },
    [may, t],
  );
  return { told, act };
}

export function AlarmStrip() {
  const { t } = useTranslation();
  const { items } = useAlarms();
  const live = useIsLive();
  const top = useMemo(() => mostImportant(items, SHOWN), [items]);
  const mayAcknowledge = useMay("operator");
  const { told, act } = useAcknowledge(mayAcknowledge);
  const { sound, silence } = useAlarmSound(items);
  useStripKeys(top, act, silence);

  return (
    <footer className="strip" aria-label={t("strip.name")} data-live={live}>
      <Counts />
      <div className="strip-alarms">
        {top.map((alarm, index) => (
          <StripAlarm key={alarm.name} alarm={alarm} index={index} may={mayAcknowledge} onAcknowledge={act} />
        ))}
        {top.length === 0 && <span className="muted strip-none">{items.length > 0 ? t("strip.allAcknowledged") : t("strip.none")}</span>}
      </div>
      <span className={told?.bad ? "strip-told chip chip-bad" : told ? "strip-told chip" : "strip-told visually-hidden"} role={told?.bad ? "alert" : "status"} title={told?.text}>
        {told?.text}
      </span>
      <SilenceButton sound={sound} onSilence={silence} />
    </footer>
  );
}

function SilenceButton({ sound, onSilence }: { sound: Sound; onSilence: () => void }) {
  const { t } = useTranslation();
  const on = sound === "sounding";
  return (
    <ActionIcon
      variant="default"
      size={32}
      onClick={onSilence}
      disabled={sound === "quiet"}
      aria-label={t("strip.silence")}
      aria-keyshortcuts="Alt+S"
      data-sound={sound}
      title={`${t(`strip.sound.${sound}`)} (Alt+S)`}
    >
      <svg width={18} height={18} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={2} aria-hidden>
        <path d="M4 9H8L13 5V19L8 15H4Z" fill={on ? "currentColor" : "none"} />
        <path d={on ? "M16 9C18 11 18 13 16 15M18.5 6.5C22 10 22 14 18.5 17.5" : sound === "blocked" ? "M18 6V13M18 17V18" : "M16 9L21 15M21 9L16 15"} />
      </svg>
    </ActionIcon>
  );
}

function Counts() {
  const { t } = useTranslation();
  const { counts } = useAlarms();
  const navigate = useNavigate();
  const count = (priority: number): number => counts.by_priority[priority] ?? 0;
  const all = PRIORITIES.filter((priority) => count(priority) > 0).map((priority) => t("strip.ofPriority", { priority, word: t(`alarm.priorities.p${priority}`), count: count(priority) }));
  return (
    <button
      type="button"
      className="plain-button strip-counts"
      onClick={() => void navigate("/alarms")}
      aria-label={[t("strip.counts", { unack: counts.unack, active: counts.active }), ...all].join("; ")}
    >
      <span className="strip-states">
        <span>
          <b>{counts.unack}</b> {t("strip.unack")}
        </span>
        <span>
          <b>{counts.active}</b> {t("strip.active")}
        </span>
      </span>
      {PRIORITIES.map((priority) => (
        <span key={priority} className="strip-priority" data-none={count(priority) === 0} title={t("strip.ofPriority", { priority, word: t(`alarm.priorities.p${priority}`), count: count(priority) })}>
          <PriorityIcon priority={priority} size={15} />
          <b>{count(priority)}</b>
        </span>
      ))}
    </button>
  );
}

interface StripAlarmProps {
  alarm: AlarmView;
  index: number;
  may: boolean;
  onAcknowledge(alarm: AlarmView): void;
}

function StripAlarm({ alarm, index, may, onAcknowledge }: StripAlarmProps) {
  const { t } = useTranslation();
  const { open } = useFaceplate();
  const keys = index === 0 ? ["Alt+A", "Alt+1"] : [`Alt+${index + 1}`];
  return (
    <div className="strip-alarm" data-state={alarm.state}>
      <PriorityIcon priority={alarm.priority} state={alarm.state} />
      <button type="button" className="plain-button strip-what" onClick={() => open({ tag: alarm.tag })} title={alarm.message}>
        <span className="strip-name">
          {alarm.description || alarm.name}
          {!alarm.active && <span className="muted"> {t("alarm.returned")}</span>}
        </span>
        <span className="strip-detail">
          {formatTime(alarm.active_time)} {alarm.message || alarm.name}
        </span>
      </button>
      <button
        type="button"
        className="strip-ack"
        disabled={!may}
        onClick={() => onAcknowledge(alarm)}
        aria-label={t("alarm.acknowledgeWhat", { name: alarm.name })}
        aria-keyshortcuts={keys.join(" ")}
        title={`${t("alarm.acknowledge")} (${keys.join(", ")})`}
      >
        ✓
      </button>
    </div>
  );
}
