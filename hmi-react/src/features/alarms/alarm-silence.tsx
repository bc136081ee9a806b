/** What people do with one alarm: reset, shelve for a time, take out of service, comment. */
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { resetAlarm } from "@/api/alarms";
import { useMay } from "@/api/auth";
import { commentAlarm, returnToService, shelveAlarm, takeOutOfService, unshelveAlarm } from "@/api/queries";
import type { AlarmView } from "@/api/types";
import { isLatched, isShelved } from "@/live/alarm-order";
import { plantStore } from "@/live/live";
import { AskDialog } from "@/ui/ask-dialog";
import { isShelvable, NEW_SHELVING, secondsOf, ShelveForm } from "./shelve-form";

type Asked = "shelve" | "unshelve" | "out" | "return" | "comment" | "reset";

export function AlarmSilence({ alarm }: { alarm: AlarmView }) {
  const { t } = useTranslation();
  const operator = useMay("operator");
  const supervisor = useMay("supervisor");
  const [asked, setAsked] = useState<Asked | null>(null);
  const out = alarm.state === "OOSRV";
  const unacknowledged = (alarm.core_state ?? alarm.state) === "LUNACK";
  const button = (what: Asked, disabled = false) => (
    <Button size="xs" variant="default" disabled={disabled} title={disabled ? t("alarms.resetFirst") : undefined} onClick={() => setAsked(what)}>
      {what === "reset" ? t("alarms.reset") : t(`alarm.silent.${what}`)}
    </Button>
  );
  return (
    <div className="alarm-silence">
      {operator && isLatched(alarm) && button("reset", unacknowledged)}
      {operator && !out && isShelvable(alarm) && button("shelve")}
      {operator && !out && !isShelvable(alarm) && <span className="muted">{t("alarmForm.notShelvable", { name: alarm.alarm_class ?? "" })}</span>}
      {operator && isShelved(alarm) && button("unshelve")}
      {supervisor && button(out ? "return" : "out")}
      {operator && button("comment")}
      {asked === "shelve" ? <Shelve alarm={alarm} onClose={() => setAsked(null)} /> : asked && <Ask what={asked} alarm={alarm} onClose={() => setAsked(null)} />}
    </div>
  );
}

function Shelve({ alarm, onClose }: { alarm: AlarmView; onClose: () => void }) {
  const { t } = useTranslation();
  const [value, setValue] = useState(NEW_SHELVING);
  const act = async (): Promise<void> => plantStore.alarmsChanged([await shelveAlarm(alarm.name, value.reason.trim(), secondsOf(value.preset), value.once)]);
  return (
    <AskDialog title={t("alarms.shelveTitleOf", { name: alarm.description || alarm.name })} action={t("alarm.silent.shelve")} disabled={value.reason.trim() === ""} act={act} onClose={onClose}>
      <ShelveForm alarms={[alarm]} value={value} onChange={setValue} />
    </AskDialog>
  );
}

function Ask({ what, alarm, onClose }: { what: Exclude<Asked, "shelve">; alarm: AlarmView; onClose: () => void }) {
  const { t } = useTranslation();
  const [order, setOrder] = useState("");
  const [comment, setComment] = useState("");
  const name = alarm.description || alarm.name;
  const act = async (reason: string): Promise<void> => {
    const changed: Record<typeof what, () => Promise<AlarmView>> = {
      unshelve: () => unshelveAlarm(alarm.name),
      out: () => takeOutOfService(alarm.name, reason, order.trim()),
      return: () => returnToService(alarm.name),
      comment: () => commentAlarm(alarm.name, reason),
      reset: () => resetAlarm(alarm.name, comment.trim()),
    };
    plantStore.alarmsChanged([await changed[what]()]);
  };
  return (
    <AskDialog
      title={what === "reset" ? t("alarms.resetTitle", { name }) : `${t(`alarm.silent.${what}`)}: ${name}`}
      hint={what === "reset" ? t("alarms.resetHint") : t(`alarm.silent.${what}Hint`)}
      action={what === "reset" ? t("alarms.reset") : t(`alarm.silent.${what}`)}
      reasoned={what === "out" || what === "comment"}
      act={act}
      onClose={onClose}
    >
      {what === "out" && <TextInput label={t("alarm.silent.order")} value={order} onChange={(event) => setOrder(event.currentTarget.value)} maxLength={128} />}
      {what === "reset" && <TextInput label={t("alarms.comment")} value={comment} onChange={(event) => setComment(event.currentTarget.value)} maxLength={500} data-autofocus />}
    </AskDialog>
  );
}
