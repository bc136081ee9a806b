/** The fields that every part of the form of an alarm is made of. */
import { MultiSelect, Select, Switch, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAlarmList } from "@/api/queries";
import type { AlarmForm } from "./alarm-form";
import type { DefinitionDraft, DefinitionTexts } from "./definition-draft";

interface TextProps {
  form: AlarmForm;
  field: keyof DefinitionTexts;
  label: string;
  /** Where the runtime tells its mistakes, if not by the field's own name. */
  path?: string;
  number?: boolean;
  unit?: string;
  wide?: boolean;
  disabled?: boolean;
  hint?: ReactNode;
  placeholder?: string | undefined;
}

export function Text({ form, field, label, path = field, number = false, unit = "", wide = false, disabled = false, hint, placeholder }: TextProps) {
  return (
    <TextInput
      size="xs"
      className={wide ? "form-wide" : undefined}
      label={label}
      description={hint}
      inputWrapperOrder={["label", "input", "error", "description"]}
      placeholder={placeholder}
      value={form.draft[field]}
      onChange={(event) => form.set({ [field]: event.currentTarget.value })}
      error={form.error(path)}
      inputMode={number ? "decimal" : "text"}
      maxLength={form.rules.most(field) ?? 500}
      rightSection={unit ? <span className="put-unit">{unit}</span> : undefined}
      rightSectionWidth={unit ? "auto" : undefined}
      rightSectionPointerEvents="none"
      disabled={disabled}
      autoComplete="off"
      spellCheck={field === "description"}
    />
  );
}

type Flag = "latching" | "restore_ack" | "reack_on_escalation" | "enabled" | "reflash";

export function Flag({ form, field, label }: { form: AlarmForm; field: Flag; label: string }) {
  return <Switch size="xs" label={label} checked={form.draft[field]} onChange={(event) => form.set({ [field]: event.currentTarget.checked } as Pick<DefinitionDraft, Flag>)} error={form.error(field)} />;
}

interface ChoiceProps {
  form: AlarmForm;
  field: "ack_mode" | "on_bad";
  label: string;
  data: { value: string; label: string }[];
}

export function Choice({ form, field, label, data }: ChoiceProps) {
  return <Select size="xs" label={label} data={data} value={form.draft[field]} onChange={(value) => value && form.set({ [field]: value })} allowDeselect={false} error={form.error(field)} />;
}

interface AlarmsProps {
  form: AlarmForm;
  field: "members" | "supersedes";
  label: string;
  path?: string;
  hint?: string;
}

const SHOWN = 50;

/** Other alarms, found by what is typed. */
export function AlarmChoice({ form, field, label, path = field, hint }: AlarmsProps) {
  const { t } = useTranslation();
  const list = useAlarmList().data?.items ?? [];
  const names = new Set([...list.map((alarm) => alarm.name), ...form.draft[field]]);
  names.delete(form.draft.name);
  return (
    <MultiSelect
      size="xs"
      className="form-wide"
      label={label}
      description={hint}
      inputWrapperOrder={["label", "input", "error", "description"]}
      data={[...names].sort()}
      value={[...form.draft[field]]}
      onChange={(chosen) => form.set({ [field]: chosen })}
      error={form.error(path)}
      searchable
      clearable
      limit={SHOWN}
      nothingFoundMessage={t("alarm.noMatch")}
    />
  );
}
