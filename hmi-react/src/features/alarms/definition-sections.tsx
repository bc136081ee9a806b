/** What an alarm is called, how it behaves, and what operators read of it. */
import { Autocomplete, NativeSelect, Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAlarmClasses, type Guidance } from "@/api/alarms";
import { useApps } from "@/api/queries";
import { useTagAreas } from "@/api/tags";
import { PRIORITIES } from "@/live/alarm-order";
import { formatDuration } from "@/ui/format";
import { Section } from "@/ui/form-section";
import type { AlarmForm } from "./alarm-form";
import { ACK_MODES, ON_BAD } from "./definition-draft";
import { AlarmChoice, Choice, Flag, Text } from "./definition-fields";

interface Props {
  form: AlarmForm;
}

export function IdentityForm({ form }: Props) {
  const { t } = useTranslation();
  const { draft, set, error, rules, tag } = form;
  const areas = useTagAreas().data?.map((area) => area.path).filter(Boolean) ?? [];
  return (
    <Section title={t("alarmForm.identity")}>
      <Text form={form} field="name" label={t("alarm.name")} disabled={!form.isNew} hint={form.isNew ? undefined : t("alarmForm.renameHint")} />
      <NativeSelect
        size="xs"
        label={t("alarm.priority")}
        value={draft.priority}
        onChange={(event) => set({ priority: event.currentTarget.value })}
        error={error("priority")}
        data={PRIORITIES.map((one) => ({ value: String(one), label: t("alarms.priorityOf", { priority: one, word: t(`alarm.priorities.p${one}`) }) }))}
      />
      <Text form={form} field="description" label={t("tags.description")} placeholder={t("alarmForm.descriptionHint")} wide />
      <Autocomplete
        size="xs"
        label={t("tags.area")}
        data={areas}
        limit={40}
        value={draft.area}
        onChange={(area) => set({ area })}
        error={error("area")}
        placeholder={tag?.area ? t("alarmForm.areaOfTag", { area: tag.area }) : "station/pumps"}
        maxLength={rules.most("area") ?? 200}
      />
      <ClassField form={form} />
    </Section>
  );
}

function ClassField({ form }: Props) {
  const { t } = useTranslation();
  const { draft, set, error } = form;
  const known = useAlarmClasses().data;
  const classes = known ?? [];
  const chosen = classes.find((one) => one.name === draft.alarm_class);
  const names = [...new Set([...classes.map((one) => one.name), ...(draft.alarm_class ? [draft.alarm_class] : [])])];
  const longest = chosen?.max_shelve_s ? t("alarmForm.classLongest", { time: formatDuration(chosen.max_shelve_s) }) : t("alarmForm.classByPriority");
  const told = chosen && [chosen.description, chosen.shelvable ? longest : t("alarmForm.classNever"), t("alarmForm.classAck", { role: chosen.ack_role })].filter(Boolean).join(" ");
  return (
    <NativeSelect
      size="xs"
      label={t("alarmForm.alarmClass")}
      description={told ?? (known?.length === 0 ? t("alarmForm.noClasses") : undefined)}
      inputWrapperOrder={["label", "input", "error", "description"]}
      value={draft.alarm_class}
      onChange={(event) => set({ alarm_class: event.currentTarget.value })}
      error={error("alarm_class")}
      disabled={names.length === 0}
      data={[{ value: "", label: t("alarmForm.noClass") }, ...names.map((name) => ({ value: name, label: name }))]}
    />
  );
}

export function BehaviourForm({ form }: Props) {
  const { t } = useTranslation();
  const { draft, set, error, rules } = form;
  return (
    <Section title={t("alarmForm.behaviour")}>
      <Text form={form} field="on_delay_s" label={t("alarms.onDelay")} number unit="s" />
      <Text form={form} field="off_delay_s" label={t("alarms.offDelay")} number unit="s" />
      <Choice form={form} field="ack_mode" label={t("alarmForm.ackMode")} data={ACK_MODES.map((value) => ({ value, label: t(`alarmForm.ackModes.${value}`) }))} />
      <Choice form={form} field="on_bad" label={t("alarmForm.onBad")} data={ON_BAD.map((value) => ({ value, label: t(`alarmForm.onBadChoices.${value}`) }))} />
      <Text form={form} field="realarm_s" label={t("alarmForm.realarm")} hint={t("alarmForm.realarmHint")} number unit="s" />
      {rules.knows("first_out") && <Text form={form} field="first_out" label={t("alarmForm.firstOut")} hint={t("alarmForm.firstOutHint")} />}
      <div className="form-wide form-flags">
        <Flag form={form} field="latching" label={t("alarmForm.latching")} />
        <Flag form={form} field="restore_ack" label={t("alarmForm.restoreAck")} />
        {draft.kind === "levels" && <Flag form={form} field="reack_on_escalation" label={t("alarmForm.reack")} />}
        {form.isNew && <Flag form={form} field="enabled" label={t("alarmForm.enabled")} />}
      </div>
      {rules.knows("enabled_when") && (
        <Textarea
          size="xs"
          className="form-wide"
          classNames={{ input: "mono" }}
          label={t("alarmForm.enabledWhen")}
          placeholder="P101A.RUN and FT102.F > 1"
          value={draft.enabled_when}
          onChange={(event) => set({ enabled_when: event.currentTarget.value })}
          error={error("enabled_when")}
          maxLength={rules.most("enabled_when") ?? 2000}
          rows={2}
          resize="vertical"
          spellCheck={false}
        />
      )}
      <AlarmChoice form={form} field="supersedes" label={t("alarmForm.supersedes")} hint={t("alarmForm.supersedesHint")} />
    </Section>
  );
}

/** A reminder at a field; it does not keep anybody from saving. */
function Missing({ words }: { words: string }) {
  return (
    <span className="form-warning">
      <svg width={11} height={11} viewBox="0 0 12 12" aria-hidden>
        <path d="M6 1L11.5 11H0.5Z" fill="none" stroke="currentColor" strokeWidth={1.4} />
        <path d="M6 4.6V7.6M6 8.6V9.8" stroke="currentColor" strokeWidth={1.4} />
      </svg>
      {words}
    </span>
  );
}

export function GuidanceForm({ form }: Props) {
  const { t } = useTranslation();
  const { draft, rules, set, error, inherited } = form;
  const screens = (useApps().data ?? { items: [] }).items.flatMap((app) => app.screens.map((screen) => `/apps/${app.name}/${screen.id}`));
  /** What counts while the field is empty. */
  const value = (field: keyof Guidance): string | undefined => (inherited?.guidance[field] ? String(inherited.guidance[field]) : undefined);
  const told = (field: keyof Guidance): ReactNode => {
    if (draft[field].trim() !== "" || !inherited) return undefined;
    const area = inherited.origins[field];
    if (area !== undefined) return t("alarmForm.inheritedFrom", { area });
    return field === "display" ? undefined : <Missing words={t(`alarmForm.missing.${field}`)} />;
  };
  return (
    <Section title={t("alarmForm.guidance")}>
      {(["consequence", "cause", "action"] as const).map((field) => (
        <Textarea
          key={field}
          size="xs"
          className="form-wide"
          label={t(`alarmForm.${field}`)}
          placeholder={value(field)}
          description={told(field)}
          inputWrapperOrder={["label", "input", "error", "description"]}
          value={draft[field]}
          onChange={(event) => set({ [field]: event.currentTarget.value })}
          error={error(field)}
          maxLength={rules.most(field) ?? 1000}
          rows={2}
          resize="vertical"
        />
      ))}
      <Text form={form} field="response_s" label={t("alarms.response")} number unit="s" placeholder={value("response_s")} hint={told("response_s")} />
      {rules.knows("display") && (
        <Autocomplete
          size="xs"
          label={t("alarmForm.display")}
          description={told("display")}
          inputWrapperOrder={["label", "input", "error", "description"]}
          data={screens}
          value={draft.display}
          onChange={(display) => set({ display })}
          error={error("display")}
          placeholder={value("display") ?? "/overview"}
          maxLength={rules.most("display") ?? 200}
        />
      )}
    </Section>
  );
}
