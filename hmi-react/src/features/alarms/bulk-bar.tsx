/** What is done with several alarms at once: acknowledge, shelve, unshelve. */
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { acknowledgeMany, shelveMany, unshelveMany } from "@/api/alarms";
import { useMay } from "@/api/auth";
import type { AlarmView } from "@/api/types";
import { isShelved, isUnacknowledged } from "@/live/alarm-order";
import type { Show } from "./alarm-filter";
import { BulkDialog } from "./bulk-dialog";
import { NEW_SHELVING, secondsOf, ShelveForm } from "./shelve-form";
import type { Selection } from "./use-selection";

type Asked = { what: "acknowledge" | "shelve" | "unshelve"; alarms: readonly AlarmView[] };

interface Props {
  show: Show;
  visible: readonly AlarmView[];
  selection: Selection;
}

export function BulkBar({ show, visible, selection }: Props) {
  const { t } = useTranslation();
  const may = useMay("operator");
  const [asked, setAsked] = useState<Asked | null>(null);
  const { chosen } = selection;
  const waiting = visible.filter(isUnacknowledged);
  const acknowledgeable = chosen.filter(isUnacknowledged);
  const shelved = chosen.filter(isShelved);
  const button = (what: Asked["what"], alarms: readonly AlarmView[], label: string) => (
    <Button size="xs" variant="default" disabled={!may || alarms.length === 0} title={may ? undefined : t("command.needsOperator")} onClick={() => setAsked({ what, alarms })}>
      {label}
    </Button>
  );
  return (
    <div className="bulk-bar" role="group" aria-label={t("alarms.actions")}>
      <span className="table-count" title={t("alarms.selectHint")}>
        {t("alarms.selected", { count: chosen.length })}
      </span>
      {(show === "present" || show === "all") && (
        <>
          {button("acknowledge", acknowledgeable, t("alarms.acknowledgeSelected"))}
          {button("acknowledge", waiting, t("alarms.acknowledgeVisible", { count: waiting.length }))}
          {button("shelve", chosen, t("alarm.silent.shelve"))}
        </>
      )}
      {(show === "shelved" || show === "all") && button("unshelve", shelved, t("alarms.unshelve"))}
      {chosen.length > 0 && (
        <Button size="xs" variant="subtle" onClick={selection.none}>
          {t("alarms.clear")}
        </Button>
      )}
      {asked && <Ask asked={asked} onClose={() => setAsked(null)} />}
    </div>
  );
}

function Ask({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const { t } = useTranslation();
  const { what, alarms } = asked;
  const [comment, setComment] = useState("");
  const [shelving, setShelving] = useState(NEW_SHELVING);
  const count = alarms.length;
  if (what === "acknowledge") {
    return (
      <BulkDialog title={t("alarms.acknowledgeTitle", { count })} action={t("alarm.acknowledge")} alarms={alarms} act={() => acknowledgeMany(alarms, comment.trim())} onClose={onClose}>
        <TextInput label={t("alarms.comment")} value={comment} onChange={(event) => setComment(event.currentTarget.value)} maxLength={500} data-autofocus />
      </BulkDialog>
    );
  }
  if (what === "unshelve") {
    return (
      <BulkDialog title={t("alarms.unshelveTitle", { count })} action={t("alarms.unshelve")} alarms={alarms} act={() => unshelveMany(alarms)} onClose={onClose}>
        <span>{t("alarm.silent.unshelveHint")}</span>
      </BulkDialog>
    );
  }
  const { preset, once, reason } = shelving;
  return (
    <BulkDialog
      title={t("alarms.shelveTitle", { count })}
      action={t("alarm.silent.shelve")}
      alarms={alarms}
      disabled={reason.trim() === ""}
      act={() => shelveMany(alarms, reason.trim(), secondsOf(preset), once)}
      onClose={onClose}
    >
      <ShelveForm alarms={alarms} value={shelving} onChange={setShelving} />
    </BulkDialog>
  );
}
