/** What each kind of condition asks for. */
import { Checkbox, Group, MultiSelect, SegmentedControl, TagsInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { TagPicker } from "@/ui/tag-picker";
import { UnitPicker } from "@/ui/unit-picker";
import type { AlarmForm } from "./alarm-form";
import { AlarmChoice, Flag, Text } from "./definition-fields";
import { FAULTS, type Kind } from "./definition-draft";
import { ManyLimits, OneLimit } from "./limit-fields";

interface Props {
  form: AlarmForm;
}

function LimitUnit({ form }: Props) {
  const { t } = useTranslation();
  const { draft, tag } = form;
  return <UnitPicker label={t("alarmForm.unit")} value={draft.unit} like={tag?.unit ?? ""} placeholder={tag?.unit_symbol || t("form.noUnit")} onChange={(unit) => form.set({ unit })} error={form.error("condition.unit")} />;
}

function Setpoint({ form }: Props) {
  const { t } = useTranslation();
  const { draft, set, error } = form;
  return (
    <>
      <SegmentedControl
        className="form-wide"
        size="xs"
        transitionDuration={0}
        aria-label={t("alarmForm.setpointIs")}
        value={draft.setpointFrom}
        onChange={(from) => set({ setpointFrom: from as "number" | "tag" })}
        data={(["number", "tag"] as const).map((value) => ({ value, label: t(`alarmForm.setpointFrom.${value}`) }))}
      />
      {draft.setpointFrom === "number" ? (
        <Text form={form} field="setpoint" label={t("alarmForm.setpoint")} path="condition.setpoint" number unit={form.unit} />
      ) : (
        <TagPicker size="xs" label={t("alarmForm.setpointTag")} numeric without={[draft.tag]} value={draft.setpoint_tag || null} onChange={(name) => set({ setpoint_tag: name ?? "" })} error={error("condition.setpoint_tag")} clearable />
      )}
      <LimitUnit form={form} />
    </>
  );
}

function Rate({ form }: Props) {
  const { t } = useTranslation();
  const unit = `${form.tag?.unit_symbol ?? ""}/s`;
  return (
    <>
      <Text form={form} field="rising" label={t("alarmForm.rising")} path="condition.rising" number unit={unit} />
      <Text form={form} field="falling" label={t("alarmForm.falling")} path="condition.falling" number unit={unit} />
      <Text form={form} field="slope_s" label={t("alarmForm.slope")} path="condition.window_s" number unit="s" />
      <Text form={form} field="min_samples" label={t("alarmForm.minSamples")} path="condition.min_samples" number />
    </>
  );
}

function Switched({ form }: Props) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      className="form-wide"
      size="xs"
      transitionDuration={0}
      aria-label={t("alarmForm.alarmValue")}
      value={String(form.draft.alarm_value)}
      onChange={(value) => form.set({ alarm_value: value === "true" })}
      data={[{ value: "true", label: t("alarmForm.whileOn") }, { value: "false", label: t("alarmForm.whileOff") }]}
    />
  );
}

/** The states of an enum by their texts; of a whole number what is typed. */
function States({ form }: Props) {
  const { t } = useTranslation();
  const { draft, tag, set, error } = form;
  const states = tag?.states ?? {};
  const label = t("alarmForm.states");
  if (tag?.type === "enum") {
    const shown = draft.values.map((value) => states[value] ?? value);
    return <MultiSelect size="xs" className="form-wide" label={label} data={[...new Set([...Object.values(states), ...shown])]} value={shown} onChange={(values) => set({ values })} error={error("condition.values")} clearable />;
  }
  return <TagsInput size="xs" className="form-wide" label={label} description={t("alarmForm.numbersHint")} value={[...draft.values]} onChange={(values) => set({ values })} error={error("condition.values")} clearable />;
}

function Discrepancy({ form }: Props) {
  const { t } = useTranslation();
  const { draft, set, error, tag } = form;
  const numeric = tag === undefined || tag.type === "float" || tag.type === "int";
  return (
    <>
      <TagPicker size="xs" label={t("alarmForm.other")} without={[draft.tag]} numeric={numeric} value={draft.other || null} onChange={(name) => set({ other: name ?? "" })} error={error("condition.other")} clearable />
      {numeric && <Text form={form} field="tolerance" label={t("alarmForm.tolerance")} path="condition.tolerance" number unit={tag?.unit_symbol ?? ""} placeholder="0" />}
    </>
  );
}

function Plausible({ form }: Props) {
  const { t } = useTranslation();
  return (
    <Checkbox.Group className="form-wide" size="xs" label={t("alarmForm.faults")} description={t("alarmForm.faultsHint")} value={[...form.draft.faults]} onChange={(faults) => form.set({ faults })} error={form.error("condition.faults")}>
      <Group gap="6px 16px" mt={6}>
        {FAULTS.map((fault) => (
          <Checkbox key={fault} size="xs" value={fault} label={t(`alarmForm.faultNames.${fault}`)} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}

function Correlated({ form }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <AlarmChoice form={form} field="members" label={t("alarmForm.members")} path="condition.members" />
      <Text form={form} field="count" label={t("alarmForm.count")} path="condition.count" number />
      <Text form={form} field="window_s" label={t("alarmForm.window")} path="condition.window_s" number unit="s" />
      <Text form={form} field="cooldown_s" label={t("alarmForm.cooldown")} path="condition.cooldown_s" number unit="s" placeholder="0" />
    </>
  );
}

function AnyOf({ form }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <AlarmChoice form={form} field="members" label={t("alarmForm.members")} path="condition.members" />
      <div className="form-wide">
        <Flag form={form} field="reflash" label={t("alarmForm.reflash")} />
      </div>
    </>
  );
}

function Stale({ form }: Props) {
  const { t } = useTranslation();
  return <Text form={form} field="timeout_s" label={t("alarmForm.timeout")} path="condition.timeout_s" number unit="s" />;
}

const nothing = (): ReactNode => null;

const FIELDS: Record<Kind, (props: Props) => ReactNode> = {
  high: Limited,
  low: Limited,
  levels: ({ form }) => (
    <>
      <ManyLimits form={form} />
      <LimitUnit form={form} />
    </>
  ),
  deviation: ({ form }) => (
    <>
      <Setpoint form={form} />
      <ManyLimits form={form} />
    </>
  ),
  rate_of_change: Rate,
  bool: Switched,
  discrete: States,
  discrepancy: Discrepancy,
  bad_quality: nothing,
  stale: Stale,
  plausibility: Plausible,
  comms: nothing,
  group: AnyOf,
  correlated: Correlated,
};

function Limited({ form }: Props) {
  return (
    <>
      <OneLimit form={form} />
      <LimitUnit form={form} />
    </>
  );
}

export function ConditionFields({ form }: Props) {
  const Fields = FIELDS[form.draft.kind];
  return <Fields form={form} />;
}
