/** What a tag is called, where it belongs, of which type and kind it is. */
import { Autocomplete, Select, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useTagAreas } from "@/api/tags";
import type { TagType } from "@/api/types";
import { UnitPicker } from "@/ui/unit-picker";
import { Section } from "@/ui/form-section";
import { Text } from "./form-fields";
import { emptyOutput, isNumeric, WIDTHS, type Draft, type DraftKind } from "./tag-draft";
import type { TagForm } from "./tag-form";
import { TYPES } from "./tag-filter";

const KINDS: readonly DraftKind[] = ["field", "soft", "derived"];

/** Another type: what the form held for the old one and the new one cannot have is set anew. */
function retyped(draft: Draft, type: TagType): Partial<Draft> {
  const states = type === "enum" && draft.states.length === 0 ? [{ key: "0", value: "" }, { key: "1", value: "" }] : draft.states;
  return { type, states, initial: "", output: draft.output && { ...draft.output, safe: emptyOutput(type).safe } };
}

export function FormIdentity({ form }: { form: TagForm }) {
  const { t } = useTranslation();
  const areas = useTagAreas().data?.map((area) => area.path).filter(Boolean) ?? [];
  const { draft, set, error } = form;
  return (
    <Section title={t("tagForm.identity")}>
      <Text form={form} field="name" disabled={!form.isNew} hint={form.isNew ? undefined : t("tagForm.renameHint")} autoFocus={form.isNew} />
      <Text form={form} field="display_name" />
      <Textarea
        size="xs"
        className="form-wide"
        label={t("tags.description")}
        value={draft.description}
        onChange={(event) => set({ description: event.currentTarget.value.replaceAll("\n", " ") })}
        error={error("description")}
        maxLength={form.most("description") ?? 500}
        autosize
        minRows={1}
        maxRows={3}
      />
      <Autocomplete
        size="xs"
        className="form-wide"
        label={t("tags.area")}
        data={areas}
        limit={40}
        value={draft.area}
        onChange={(area) => set({ area })}
        error={error("area")}
        placeholder="station/pumps"
        maxLength={form.most("area") ?? 200}
      />
      <Select
        size="xs"
        label={t("tags.type")}
        data={TYPES.map((value) => ({ value, label: t(`tagForm.types.${value}`) }))}
        value={draft.type}
        onChange={(value) => value && set(retyped(draft, value as TagType))}
        allowDeselect={false}
        error={error("type")}
      />
      <Select
        size="xs"
        label={t("tags.kind")}
        data={KINDS.map((value) => ({ value, label: t(`tagForm.kinds.${value}`) }))}
        value={draft.kind}
        onChange={(value) => value && set({ kind: value as DraftKind })}
        allowDeselect={false}
        disabled={draft.byFunction}
      />
      {isNumeric(draft) && (
        <>
          <UnitPicker label={t("tags.unit")} value={draft.unit} onChange={(unit) => set({ unit, display_unit: "" })} error={error("unit")} />
          <UnitPicker label={t("tags.display_unit")} value={draft.display_unit} like={draft.unit} onChange={(unit) => set({ display_unit: unit })} error={error("display_unit")} disabled={draft.unit === ""} />
        </>
      )}
      {draft.type === "int" && (
        <Select size="xs" label={t("tags.width")} data={[...WIDTHS]} value={draft.width || null} onChange={(width) => set({ width: width ?? "" })} clearable placeholder="int64" error={error("width")} />
      )}
    </Section>
  );
}
