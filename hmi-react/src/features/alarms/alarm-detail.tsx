/** One alarm in full: what it means, what to do, its times, and acknowledgement with a comment. */
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AlarmView } from "@/api/types";
import { isSilent, isUnacknowledged } from "@/live/alarm-order";
import { AcknowledgeButton } from "@/ui/acknowledge-button";
import { useFaceplate } from "@/ui/faceplate-link";
import { formatDateTime } from "@/ui/format";
import { PriorityIcon } from "@/ui/priority-icon";
import { TagValue } from "@/ui/tag-value";
import { AlarmSilence } from "./alarm-silence";

export function AlarmDetail({ alarm, onClose }: { alarm: AlarmView; onClose: () => void }) {
  const { t } = useTranslation();
  const { open } = useFaceplate();
  const [comment, setComment] = useState("");
  const facts: [string, React.ReactNode][] = [
    [t("alarm.stateHead"), t(`alarm.state.${alarm.state}`)],
    ...(isSilent(alarm)
      ? ([
          [t("alarm.silence"), [alarm.silence, alarm.silent_by].filter(Boolean).join(", ")],
          [t("alarm.silentUntil"), alarm.silent_until ? formatDateTime(alarm.silent_until, true) : ""],
          [t("alarm.underneath"), t(`alarm.state.${alarm.core_state ?? "NORM"}`)],
        ] as [string, React.ReactNode][])
      : []),
    [t("alarm.message"), alarm.message],
    [t("alarm.cause"), alarm.cause],
    [t("alarm.action"), alarm.action],
    [t("alarm.now"), <TagValue key="now" name={alarm.tag} explain />],
    [t("alarm.condition"), alarm.limit === null ? t(`alarm.conditions.${alarm.condition}`) : `${t(`alarm.conditions.${alarm.condition}`)} ${alarm.limit} ${alarm.unit_symbol ?? ""} (${t("alarm.deadband")} ${alarm.deadband ?? 0})`],
    [t("alarm.raised"), formatDateTime(alarm.active_time, true)],
    [t("alarm.returnedAt"), formatDateTime(alarm.rtn_time, true)],
    [t("alarm.ackTime"), `${formatDateTime(alarm.ack_time, true)} ${alarm.ack_by ?? ""}`],
    ...(alarm.ack_comment ? [[t("alarm.ackComment"), alarm.ack_comment] as [string, string]] : []),
    [t("tags.area"), alarm.area],
  ];
  return (
    <aside className="panel split-side" aria-label={alarm.name}>
      <header className="panel-head">
        <PriorityIcon priority={alarm.priority} state={alarm.state} />
        <h2 className="panel-title">{alarm.description || alarm.name}</h2>
        <ActionIcon variant="subtle" color="gray" ml="auto" onClick={onClose} aria-label={t("common.close")}>
          ✕
        </ActionIcon>
      </header>
      <div className="stack">
        <span className="muted">{alarm.name}</span>
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>{name}</dt>
              <dd>{value || "–"}</dd>
            </div>
          ))}
        </dl>
        {isUnacknowledged(alarm) && (
          <>
            <TextInput size="xs" label={t("alarm.comment")} value={comment} onChange={(event) => setComment(event.currentTarget.value)} maxLength={500} />
            <AcknowledgeButton alarm={alarm} comment={comment.trim()} onDone={() => setComment("")} />
          </>
        )}
        <AlarmSilence alarm={alarm} />
        <Button size="xs" variant="default" onClick={() => open({ tag: alarm.tag })}>
          {t("alarm.openTag", { tag: alarm.tag })}
        </Button>
      </div>
    </aside>
  );
}
