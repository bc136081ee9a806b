/** The first alarm of a group: a mark in shape and word, and the reset of the group. */
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { resetFirstOut, useAlarmDefinition } from "@/api/alarms";
import { useMay } from "@/api/auth";
import type { AlarmView } from "@/api/types";
import { AskDialog } from "@/ui/ask-dialog";

export function FirstOutMark() {
  const { t } = useTranslation();
  return (
    <span className="first-out">
      <svg width={12} height={14} viewBox="0 0 12 14" aria-hidden>
        <path d="M1.5 13V1.5H11L8.5 4.5L11 7.5H1.5" fill="none" stroke="currentColor" strokeWidth={1.5} />
      </svg>
      {t("alarmForm.first")}
    </span>
  );
}

export function FirstOutPart({ alarm }: { alarm: AlarmView }) {
  const { t } = useTranslation();
  const operator = useMay("operator");
  const [asked, setAsked] = useState(false);
  const [comment, setComment] = useState("");
  const body = useAlarmDefinition(alarm.name).data?.body;
  const group = typeof body?.["first_out"] === "string" ? body["first_out"] : "";
  return (
    <div className="alarm-silence">
      <FirstOutMark />
      <span>{group !== "" && t("alarmForm.firstOf", { group })}</span>
      {operator && group !== "" && (
        <Button size="xs" variant="default" onClick={() => setAsked(true)}>
          {t("alarmForm.resetGroup")}
        </Button>
      )}
      {asked && (
        <AskDialog title={t("alarmForm.resetGroupTitle", { group })} hint={t("alarmForm.resetGroupAsk")} action={t("alarmForm.resetGroup")} act={() => resetFirstOut(group, comment.trim())} onClose={() => setAsked(false)}>
          <TextInput label={t("alarms.comment")} value={comment} onChange={(event) => setComment(event.currentTarget.value)} maxLength={500} data-autofocus />
        </AskDialog>
      )}
    </div>
  );
}
