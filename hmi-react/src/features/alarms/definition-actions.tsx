/** What engineers do with the definition of one alarm: edit, copy, rename, enable and disable, delete. */
import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { deleteAlarm, disableAlarm, enableAlarm, renameAlarm, useAlarmDefinition } from "@/api/alarms";
import type { AlarmView } from "@/api/types";
import { plantStore } from "@/live/live";
import { AskDialog } from "@/ui/ask-dialog";
import { NAME } from "@/ui/form-reader";
import { useAddress } from "@/ui/use-address";

type Asked = "rename" | "enable" | "disable" | "delete";

interface DialogProps {
  alarm: AlarmView;
  onClose(): void;
}

export function DefinitionActions({ alarm }: { alarm: AlarmView }) {
  const { t } = useTranslation();
  const { data } = useAlarmDefinition(alarm.name);
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = (): void => setAsked(null);
  const button = (what: Asked) => (
    <Button size="xs" variant="default" onClick={() => setAsked(what)}>
      {t(`alarmForm.${what}`)}
    </Button>
  );
  if (data === undefined) return null;
  // What an equipment, a link or an output makes is changed there.
  const equipment = data?.owner.startsWith("equipment:") ? data.owner.slice("equipment:".length) : null;
  const own = data !== null && equipment === null;
  return (
    <div className="alarm-silence">
      {own && (
        <Button size="xs" variant="default" component={Link} to={`/alarms/${encodeURIComponent(alarm.name)}/edit`}>
          {t("alarms.edit")}
        </Button>
      )}
      {data !== null && (
        <Button size="xs" variant="default" component={Link} to={`/alarms/new?${new URLSearchParams({ copy: alarm.name })}`}>
          {t("alarmForm.copy")}
        </Button>
      )}
      {own && button("rename")}
      {button(alarm.state === "DSBLD" ? "enable" : "disable")}
      {own && button("delete")}
      {!own && <span className="muted">{equipment === null ? t("alarmForm.ownerRuntime") : t("alarmForm.ownerEquipment", { name: equipment })}</span>}
      {(asked === "enable" || asked === "disable") && <Switch what={asked} alarm={alarm} onClose={close} />}
      {asked === "rename" && <Rename alarm={alarm} onClose={close} />}
      {asked === "delete" && data && <Delete alarm={alarm} hash={data.hash} onClose={close} />}
    </div>
  );
}

/** Everything that shows alarms is fetched anew. */
function useChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["alarms"] });
}

function Switch({ what, alarm, onClose }: DialogProps & { what: "enable" | "disable" }) {
  const { t } = useTranslation();
  const changed = useChanged();
  const act = async (reason: string): Promise<void> => {
    plantStore.alarmsChanged([await (what === "enable" ? enableAlarm : disableAlarm)(alarm.name, reason)]);
    await changed();
  };
  return <AskDialog title={t(`alarmForm.${what}Title`, { name: alarm.name })} hint={t(`alarmForm.${what}Ask`)} action={t(`alarmForm.${what}`)} reasoned act={act} onClose={onClose} />;
}

function Rename({ alarm, onClose }: DialogProps) {
  const { t } = useTranslation();
  const changed = useChanged();
  const [, set] = useAddress();
  const [to, setTo] = useState(alarm.name);
  const typed = to.trim();
  const wrong = typed !== "" && !NAME.test(typed);
  const act = async (): Promise<void> => {
    const renamed = await renameAlarm(alarm.name, typed);
    await changed();
    set("alarm", renamed.name);
  };
  return (
    <AskDialog
      title={t("alarmForm.renameTitle", { name: alarm.name })}
      hint={t("alarmForm.renameAsk")}
      action={t("alarmForm.rename")}
      disabled={wrong || typed === "" || typed === alarm.name}
      act={act}
      onClose={onClose}
    >
      <TextInput label={t("alarm.name")} value={to} onChange={(event) => setTo(event.currentTarget.value)} maxLength={128} error={wrong && t("tagForm.nameHint")} data-autofocus />
    </AskDialog>
  );
}

function Delete({ alarm, hash, onClose }: DialogProps & { hash: string }) {
  const { t } = useTranslation();
  const changed = useChanged();
  const [, set] = useAddress();
  const act = async (): Promise<void> => {
    await deleteAlarm(alarm.name, hash);
    set("alarm", null);
    await changed();
  };
  return <AskDialog title={t("alarmForm.deleteTitle", { name: alarm.name })} hint={t("alarmForm.deleteAsk")} action={t("alarmForm.delete")} act={act} onClose={onClose} />;
}
