/** Limits with their deadbands: one, up to four levels, or how far from a setpoint. */
import { Checkbox, NativeSelect, Switch, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PRIORITIES } from "@/live/alarm-order";
import { TagPicker } from "@/ui/tag-picker";
import type { AlarmForm } from "./alarm-form";
import { limitKeys, pathOf, type LimitKey } from "./definition-draft";

interface FieldProps {
  form: AlarmForm;
  limit: LimitKey;
  label: string;
  /** The heading of the column says it too. */
  hideLabel?: boolean;
}

const named = (label: string, hidden: boolean): { label: string } | { "aria-label": string } => (hidden ? { "aria-label": label } : { label });

function Unit({ unit }: { unit: string }) {
  return unit ? <span className="put-unit">{unit}</span> : null;
}

function LimitField({ form, limit, label, hideLabel = false }: FieldProps) {
  const given = form.draft.limits[limit];
  if (given.from === "tag" && limit !== "above" && limit !== "below") {
    return (
      <TagPicker
        {...named(label, hideLabel)}
        size="xs"
        numeric
        without={[form.draft.tag]}
        value={given.limit_tag || null}
        onChange={(name) => form.setLimit(limit, { limit_tag: name ?? "" })}
        error={form.error(pathOf(limit, "limit_tag")) ?? form.error(pathOf(limit, "limit"))}
        clearable
      />
    );
  }
  return (
    <TextInput
      {...named(label, hideLabel)}
      size="xs"
      value={given.limit}
      onChange={(event) => form.setLimit(limit, { limit: event.currentTarget.value })}
      error={form.error(pathOf(limit, "limit"))}
      inputMode="decimal"
      autoComplete="off"
      rightSection={<Unit unit={form.unit} />}
      rightSectionWidth="auto"
      rightSectionPointerEvents="none"
    />
  );
}

function DeadbandField({ form, limit, label, hideLabel = false }: FieldProps) {
  const { t } = useTranslation();
  const typed = form.draft.limits[limit].deadband;
  const share = !hideLabel && form.rules.takesShare(`${form.draft.kind}.deadband`);
  return (
    <TextInput
      {...named(label, hideLabel)}
      size="xs"
      value={typed}
      placeholder="0"
      description={share ? t("tagForm.deadbandHint") : undefined}
      inputWrapperOrder={["label", "input", "error", "description"]}
      onChange={(event) => form.setLimit(limit, { deadband: event.currentTarget.value })}
      error={form.error(pathOf(limit, "deadband"))}
      autoComplete="off"
      // Percent of span has no other unit.
      rightSection={<Unit unit={typed.includes("%") ? "" : form.unit} />}
      rightSectionWidth="auto"
      rightSectionPointerEvents="none"
    />
  );
}

function FromTag({ form, limit, label }: FieldProps) {
  const { t } = useTranslation();
  return (
    <Switch
      size="xs"
      label={t("alarmForm.fromTag")}
      aria-label={`${label}: ${t("alarmForm.fromTag")}`}
      checked={form.draft.limits[limit].from === "tag"}
      onChange={(event) => form.setLimit(limit, { from: event.currentTarget.checked ? "tag" : "number" })}
    />
  );
}

export function OneLimit({ form }: { form: AlarmForm }) {
  const { t } = useTranslation();
  return (
    <>
      <LimitField form={form} limit="only" label={t("alarms.limit")} />
      <DeadbandField form={form} limit="only" label={t("alarms.deadband")} />
      {form.rules.knows(`${form.draft.kind}.limit_tag`) && <FromTag form={form} limit="only" label={t("alarms.limit")} />}
    </>
  );
}

/** A row for each limit that may be there; the columns are headed once. */
export function ManyLimits({ form }: { form: AlarmForm }) {
  const { t } = useTranslation();
  const { kind } = form.draft;
  const levels = kind === "levels";
  const heads = [t("alarms.limit"), t("alarms.deadband"), ...(levels ? [t("alarm.priority")] : [])];
  return (
    <div className="form-wide limit-rows" data-levels={levels}>
      <div className="limit-row limit-heads" aria-hidden>
        <span />
        {heads.map((head) => (
          <span key={head}>{head}</span>
        ))}
      </div>
      {limitKeys(kind).map((key) => (
        <LimitRow key={key} form={form} limit={key} levels={levels} />
      ))}
      {form.rules.takesShare(`${kind}.high.deadband`) && <span className="muted form-note">{t("alarmForm.sharesHint")}</span>}
    </div>
  );
}

function LimitRow({ form, limit, levels }: { form: AlarmForm; limit: LimitKey; levels: boolean }) {
  const { t } = useTranslation();
  const name = t(`alarmForm.levels.${limit as "high"}`);
  const given = form.draft.limits[limit];
  const priorities = PRIORITIES.map((one) => ({ value: String(one), label: t("alarms.priorityOf", { priority: one, word: t(`alarm.priorities.p${one}`) }) }));
  return (
    <div className="limit-row" role="group" aria-label={name}>
      <Checkbox size="xs" label={name} checked={given.on} onChange={(event) => form.setLimit(limit, { on: event.currentTarget.checked })} />
      {given.on && (
        <>
          <LimitField form={form} limit={limit} label={`${t("alarms.limit")}, ${name}`} hideLabel />
          <DeadbandField form={form} limit={limit} label={`${t("alarms.deadband")}, ${name}`} hideLabel />
          {levels && (
            <NativeSelect
              size="xs"
              aria-label={`${t("alarm.priority")}, ${name}`}
              value={given.priority}
              onChange={(event) => form.setLimit(limit, { priority: event.currentTarget.value })}
              error={form.error(pathOf(limit, "priority"))}
              data={[{ value: "", label: t("alarmForm.alarmsOwn") }, ...priorities]}
            />
          )}
          {levels && form.rules.knows("levels.high.limit_tag") && <FromTag form={form} limit={limit} label={name} />}
        </>
      )}
    </div>
  );
}
