/** At the bottom of every page: the three most important unacknowledged alarms, how many there are, the sound. */
import { ActionIcon } from "@mantine/core";
import { useEffect, useState } from "react";
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
import { useAlarmSound } from "./use-alarm-sound";

const SHOWN = 3;

export function AlarmStrip() {
  const { t } = useTranslation();
  const alarms = useAlarms();
  const live = useIsLive();
  const top = mostImportant(alarms.items, SHOWN);
  const [problem, setProblem] = useState<string | null>(null);
  const mayAcknowledge = useMay("operator");
  const { sound, silence } = useAlarmSound(alarms.items);

  const acknowledgeOne = (alarm: AlarmView): void => {
    setProblem(null);
    acknowledge(alarm)
      .then((view) => plantStore.alarmsChanged([view]))
      .catch((error: unknown) => setProblem(`${alarm.name}: ${words(error)}`));
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!event.altKey || event.ctrlKey || event.metaKey) return;
      const alarm = /^Digit[1-3]$/.test(event.code) ? top[Number(event.code.slice(5)) - 1] : undefined;
      if (alarm && mayAcknowledge) acknowledgeOne(alarm);
      else if (event.code === "KeyS") silence();
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });

  return (
    <footer className="strip" aria-label={t("strip.name")} data-live={live}>
      <Counts />
      <div className="strip-alarms">
        {top.map((alarm, index) => (
          <StripAlarm key={alarm.name} alarm={alarm} index={index} may={mayAcknowledge} onAcknowledge={acknowledgeOne} />
        ))}
        {top.length === 0 && <span className="muted strip-none">{alarms.items.length > 0 ? t("strip.allAcknowledged") : t("strip.none")}</span>}
        {problem && (
          <span className="chip chip-bad" role="alert">
            {problem}
          </span>
        )}
      </div>
      <ActionIcon
        variant="default"
        size={32}
        onClick={silence}
        disabled={sound === "quiet"}
        aria-label={t("strip.silence")}
        title={`${t(`strip.sound.${sound}`)} (Alt+S)`}
      >
        <svg width={18} height={18} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={2} aria-hidden>
          <path d="M4 9H8L13 5V19L8 15H4Z" fill={sound === "sounding" ? "currentColor" : "none"} />
          <path d={sound === "sounding" ? "M16 9C18 11 18 13 16 15M18.5 6.5C22 10 22 14 18.5 17.5" : "M16 9L21 15M21 9L16 15"} />
        </svg>
      </ActionIcon>
    </footer>
  );
}

function Counts() {
  const { t } = useTranslation();
  const { counts } = useAlarms();
  const navigate = useNavigate();
  return (
    <button type="button" className="plain-button strip-counts" onClick={() => void navigate("/alarms")} aria-label={t("strip.counts", { unack: counts.unack, active: counts.active })}>
      <span className="strip-states">
        <span>
          <b>{counts.unack}</b> {t("strip.unack")}
        </span>
        <span>
          <b>{counts.active}</b> {t("strip.active")}
        </span>
      </span>
      {PRIORITIES.map((priority) => {
        const count = counts.by_priority[priority] ?? 0;
        return (
          <span key={priority} className="strip-priority" data-none={count === 0}>
            <PriorityIcon priority={priority} size={15} />
            <b>{count}</b>
          </span>
        );
      })}
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
  return (
    <div className="strip-alarm" data-state={alarm.state}>
      <PriorityIcon priority={alarm.priority} state={alarm.state} />
      <button type="button" className="plain-button strip-what" onClick={() => open({ tag: alarm.tag })} title={alarm.message}>
        <span className="strip-name">
          {alarm.description || alarm.name}
          {alarm.state === "RTNUN" && <span className="muted"> {t("alarm.returned")}</span>}
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
        aria-keyshortcuts={`Alt+${index + 1}`}
        title={`${t("alarm.acknowledge")} (Alt+${index + 1})`}
      >
        ✓
      </button>
    </div>
  );
}
