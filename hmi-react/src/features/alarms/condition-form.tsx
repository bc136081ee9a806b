/** What the alarm watches, and when it is abnormal. */
import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLinks } from "@/api/queries";
import { Section } from "@/ui/form-section";
import { TagPicker } from "@/ui/tag-picker";
import { TagValue } from "@/ui/tag-value";
import type { AlarmForm } from "./alarm-form";
import { ConditionFields } from "./condition-fields";
import { limitKeys, linkOf, suits, upTagOf, watchesAlarms, type Kind } from "./definition-draft";
import { LimitPreview } from "./limit-preview";

const GROUPS: readonly (readonly [group: "number" | "state" | "instrument" | "alarms", kinds: readonly Kind[]])[] = [
  ["number", ["high", "low", "levels", "deviation", "rate_of_change"]],
  ["state", ["bool", "discrete", "discrepancy"]],
  ["instrument", ["bad_quality", "stale", "plausibility", "comms"]],
  ["alarms", ["group", "correlated"]],
];

export function ConditionForm({ form }: { form: AlarmForm }) {
  const { t } = useTranslation();
  const { draft, rules, tag, set, whole } = form;
  const kinds = GROUPS.map(([group, all]) => ({
    group: t(`alarmForm.kindGroups.${group}`),
    items: all.filter((kind) => rules.kinds.includes(kind)).map((kind) => ({ value: kind, label: t(`alarmForm.kinds.${kind}`), disabled: kind !== draft.kind && kind !== "comms" && !suits(kind, tag) })),
  }));
  const unsuited = tag && !suits(draft.kind, tag) ? t("alarmForm.unsuited", { tag: tag.name, type: t(`tagForm.types.${tag.type}`) }) : undefined;
  return (
    <Section title={t("alarm.condition")}>
      {draft.kind === "comms" ? <LinkField form={form} /> : !watchesAlarms(draft.kind) && <TagField form={form} />}
      <Select
        size="xs"
        label={t("alarmForm.kind")}
        data={kinds.filter((group) => group.items.length > 0)}
        value={draft.kind}
        onChange={(kind) => kind && set({ kind: kind as Kind })}
        allowDeselect={false}
        error={unsuited ?? whole("condition")}
      />
      <p className="form-wide muted form-note">{t(`alarmForm.about.${draft.kind}`)}</p>
      <ConditionFields form={form} />
      {tag && !watchesAlarms(draft.kind) && (limitKeys(draft.kind).length > 0 || draft.kind === "discrepancy") && <LimitPreview draft={draft} tag={tag} />}
    </Section>
  );
}

function TagField({ form }: { form: AlarmForm }) {
  const { t } = useTranslation();
  const { draft, set, error } = form;
  return (
    <div>
      <TagPicker size="xs" label={t("alarm.tag")} value={draft.tag || null} onChange={(name) => set({ tag: name ?? "", unit: "" })} error={error("tag")} clearable />
      {draft.tag !== "" && (
        <div className="form-note muted">
          {t("alarmForm.now")} <TagValue name={draft.tag} />
        </div>
      )}
    </div>
  );
}

function LinkField({ form }: { form: AlarmForm }) {
  const { t } = useTranslation();
  const { draft, set, error } = form;
  const links = (useLinks().data?.items ?? []).map((link) => link.name);
  const link = linkOf(draft.tag);
  const data = link === null || links.includes(link) ? links : [link, ...links];
  return <Select size="xs" label={t("links.name")} data={data} value={link} onChange={(name) => set({ tag: name === null ? "" : upTagOf(name) })} searchable error={error("tag")} />;
}
