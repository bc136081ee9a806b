/** What keeps an alarm silent: an operator shelves it for a time, a supervisor takes it out of service; anybody may comment. */
import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { commentAlarm, returnToService, shelveAlarm, takeOutOfService, unshelveAlarm } from "@/api/queries";
import type { AlarmView } from "@/api/types";
import { plantStore } from "@/live/live";
import { AskDialog } from "@/ui/ask-dialog";

/** The longest that an alarm of each priority may be shelved, h; the runtime decides. */
const LONGEST_H: Record<number, number> = { 1: 1, 2: 4, 3: 8, 4: 8, 5: 24 };
const MINUTES = [15, 60, 240, 480, 1440];

type Asked = "shelve" | "unshelve" | "out" | "return" | "comment";

export function AlarmSilence({ alarm }: { alarm: AlarmView }) {
  const { t } = useTranslation();
  const operator = useMay("operator");
  const supervisor = useMay("supervisor");
  const [asked, setAsked] = useState<Asked | null>(null);
  const out = alarm.state === "OOSRV";
  const shelved = alarm.silent_until !== null && alarm.silent_until !== undefined;
  const button = (what: Asked) => (
    <Button size="xs" variant="default" onClick={() => setAsked(what)}>
      {t(`alarm.silent.${what}`)}
    </Button>
  );
  return (
    <div className="alarm-silence">
      {operator && !out && button("shelve")}
      {operator && shelved && button("unshelve")}
      {supervisor && button(out ? "return" : "out")}
      {operator && button("comment")}
      {asked && <Ask what={asked} alarm={alarm} onClose={() => setAsked(null)} />}
    </div>
  );
}

function Ask({ what, alarm, onClose }: { what: Asked; alarm: AlarmView; onClose: () => void }) {
  const { t } = useTranslation();
  const [minutes, setMinutes] = useState(60);
  const [once, setOnce] = useState(false);
  const [order, setOrder] = useState("");
  const act = async (reason: string): Promise<void> => {
    const { name } = alarm;
    const changed: Record<Asked, () => Promise<AlarmView>> = {
      shelve: () => shelveAlarm(name, reason, minutes * 60, once),
      unshelve: () => unshelveAlarm(name),
      out: () => takeOutOfService(name, reason, order.trim()),
      return: () => returnToService(name),
      comment: () => commentAlarm(name, reason),
    };
    plantStore.alarmsChanged([await changed[what]()]);
  };
  const longest = (LONGEST_H[alarm.priority] ?? 1) * 60;
  return (
    <AskDialog
      title={`${t(`alarm.silent.${what}`)}: ${alarm.description || alarm.name}`}
      hint={t(`alarm.silent.${what}Hint`)}
      action={t(`alarm.silent.${what}`)}
      reasoned={what !== "unshelve" && what !== "return"}
      act={act}
      onClose={onClose}
    >
      {what === "shelve" && (
        <>
          <NativeSelect
            label={t("alarm.silent.time")}
            value={String(minutes)}
            onChange={(event) => setMinutes(Number(event.currentTarget.value))}
            data={MINUTES.filter((one) => one <= longest).map((one) => ({ value: String(one), label: one < 60 ? t("alarm.silent.minutes", { count: one }) : t("alarm.silent.hours", { count: one / 60 }) }))}
          />
          <Checkbox label={t("alarm.silent.once")} checked={once} onChange={(event) => setOnce(event.currentTarget.checked)} />
        </>
      )}
      {what === "out" && <TextInput label={t("alarm.silent.order")} value={order} onChange={(event) => setOrder(event.currentTarget.value)} maxLength={128} />}
    </AskDialog>
  );
}
