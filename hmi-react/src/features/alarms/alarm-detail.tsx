/** One alarm in full: why it stands, what to do, its times, and acknowledgement with a comment. */
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "@/api/auth";
import type { AlarmView } from "@/api/types";
import { isShelved, isSilent, isUnacknowledged } from "@/live/alarm-order";
import { AcknowledgeButton } from "@/ui/acknowledge-button";
import { useFaceplate } from "@/ui/faceplate-link";
import { Facts, type Fact } from "@/ui/facts";
import { formatDateTime, formatDuration } from "@/ui/format";
import { PriorityIcon } from "@/ui/priority-icon";
import { StateBadge } from "@/ui/state-badge";
import { TagValue } from "@/ui/tag-value";
import { AlarmSilence } from "./alarm-silence";
import { AlarmWhy } from "./alarm-why";
import { DefinitionActions } from "./definition-actions";
import { FirstOutPart } from "./first-out";
import { Remaining } from "./remaining";
import { SavedNote } from "./saved-note";

export function AlarmDetail({ alarm, onClose }: { alarm: AlarmView; onClose: () => void }) {
  const { t } = useTranslation();
  const { open } = useFaceplate();
  const engineer = useMay("engineer");
  const [comment, setComment] = useState("");
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
        <SavedNote name={alarm.name} />
        {alarm.first_out && <FirstOutPart alarm={alarm} />}
        {isUnacknowledged(alarm) && (
          <>
            <TextInput size="xs" label={t("alarm.comment")} value={comment} onChange={(event) => setComment(event.currentTarget.value)} maxLength={500} />
            <AcknowledgeButton alarm={alarm} comment={comment.trim()} onDone={() => setComment("")} />
          </>
        )}
        <AlarmWhy alarm={alarm} />
        <AlarmFacts alarm={alarm} />
        <AlarmSilence alarm={alarm} />
        <div className="alarm-silence">
          {alarm.tag !== "" && (
            <Button size="xs" variant="default" onClick={() => open({ tag: alarm.tag })}>
              {t("alarm.openTag", { tag: alarm.tag })}
            </Button>
          )}
          <Button size="xs" variant="default" component={Link} to={`/alarm-journal?${new URLSearchParams({ alarm: alarm.name, period: "30d" })}`}>
            {t("journal.showRows")}
          </Button>
          {engineer && (
            <Button size="xs" variant="default" component={Link} to={`/replay?${new URLSearchParams({ alarms: alarm.name, period: "7d" })}`}>
              {t("alarm.tryInReplay")}
            </Button>
          )}
        </div>
        {engineer && <DefinitionActions alarm={alarm} />}
      </div>
    </aside>
  );
}

function AlarmFacts({ alarm }: { alarm: AlarmView }) {
  const { t } = useTranslation();
  const condition = t(`alarm.conditions.${alarm.condition}`);
  const silence: Fact[] = [
    [t("alarm.silence"), [alarm.silence, alarm.silent_by].filter(Boolean).join(", ")],
    ...(isShelved(alarm) ? ([[t("alarm.silentUntil"), <ShelfEnd key="end" alarm={alarm} />]] as Fact[]) : []),
    [t("alarm.underneath"), <StateBadge key="core" state={alarm.core_state ?? "NORM"} />],
  ];
  const facts: Fact[] = [
    [t("alarm.stateHead"), <StateBadge key="state" state={alarm.state} />],
    ...(isSilent(alarm) ? silence : []),
    [t("alarm.message"), alarm.message],
    [t("alarm.cause"), alarm.cause],
    [t("alarm.action"), alarm.action],
    ...(alarm.consequence ? ([[t("alarms.consequence"), alarm.consequence]] as Fact[]) : []),
    ...(alarm.response_s ? ([[t("alarms.response"), formatDuration(alarm.response_s)]] as Fact[]) : []),
    ...(alarm.display ? ([[t("alarmForm.display"), <Display key="display" display={alarm.display} />]] as Fact[]) : []),
    ...(alarm.guidance_from ? ([[t("alarmForm.guidanceFrom"), alarm.guidance_from]] as Fact[]) : []),
    ...(alarm.tag === "" ? [] : ([[t("alarm.now"), <TagValue key="now" name={alarm.tag} explain />]] as Fact[])),
    [t("alarm.condition"), alarm.limit === null ? condition : `${condition} ${alarm.limit} ${alarm.unit_symbol ?? ""} (${t("alarm.deadband")} ${alarm.deadband ?? 0})`],
    [t("alarm.raised"), formatDateTime(alarm.active_time, true)],
    [t("alarm.returnedAt"), formatDateTime(alarm.rtn_time, true)],
    [t("alarm.ackTime"), `${formatDateTime(alarm.ack_time, true)} ${alarm.ack_by ?? ""}`],
    ...(alarm.ack_comment ? ([[t("alarm.ackComment"), alarm.ack_comment]] as Fact[]) : []),
    [t("tags.area"), alarm.area],
    ...(alarm.alarm_class ? ([[t("alarmForm.alarmClass"), alarm.alarm_class]] as Fact[]) : []),
  ];
  return <Facts facts={facts} />;
}

function ShelfEnd({ alarm }: { alarm: AlarmView }) {
  const { t } = useTranslation();
  return (
    <>
      {formatDateTime(alarm.silent_until)} (<Remaining alarm={alarm} /> {t("alarms.remaining").toLowerCase()})
    </>
  );
}

/** Where the operator looks: a page of the HMI, or a name that is none. */
const Display = ({ display }: { display: string }) =>
  display.startsWith("/") ? (
    <Link className="link" to={display}>
      {display}
    </Link>
  ) : (
    <>{display}</>
  );
