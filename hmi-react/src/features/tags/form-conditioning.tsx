/** Filters of what a device sends, in their order, and the checks of plausibility. */
import { ActionIcon, CloseButton, Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { TagPicker } from "@/ui/tag-picker";
import { Section } from "@/ui/form-section";
import { CHECK_FIELDS, emptyFilter, FILTER_FIELDS, isNumeric, type CheckField, type FilterDraft, type FilterKind } from "./tag-draft";
import type { TagForm } from "./tag-form";

const KINDS = Object.keys(FILTER_FIELDS) as FilterKind[];
const USUAL: Record<string, string> = { samples: "11", threshold: "4", least: "0" };

export function FormFilters({ form }: { form: TagForm }) {
  const { t } = useTranslation();
  const { filters } = form.draft;
  const set = (next: FilterDraft[]): void => form.set({ filters: next });
  const change = (at: number, field: string, value: string): void => set(filters.map((one, index) => (index === at ? { ...one, fields: { ...one.fields, [field]: value } } : one)));
  const swap = (at: number): void => set(filters.map((one, index) => (index === at - 1 ? (filters[at] ?? one) : index === at ? (filters[at - 1] ?? one) : one)));
  return (
    <Section title={t("tags.filters")} error={form.error("filters")}>
      <div className="form-rows">
        {filters.map((filter, at) => (
          <div key={at} className="form-row" role="group" aria-label={`${at + 1} ${t(`tagForm.filterKinds.${filter.kind}`)}`}>
            <span className="grow">
              {at + 1}. {t(`tagForm.filterKinds.${filter.kind}`)}
            </span>
            {Object.entries(filter.fields).map(([field, value]) => (
              <TextInput
                key={field}
                size="xs"
                style={{ width: 108 }}
                label={t(`tagForm.filterFields.${field as "samples"}`)}
                value={value}
                onChange={(event) => change(at, field, event.currentTarget.value)}
                placeholder={filter.kind === "outlier" ? USUAL[field] : undefined}
                inputMode="decimal"
              />
            ))}
            <ActionIcon size="sm" variant="subtle" color="gray" disabled={at === 0} onClick={() => swap(at)} aria-label={t("tagForm.earlier", { row: at + 1 })}>
              ▴
            </ActionIcon>
            <CloseButton size="sm" aria-label={t("form.removeRow", { row: String(at + 1) })} onClick={() => set(filters.filter((_, index) => index !== at))} />
          </div>
        ))}
      </div>
      <Select
        key={filters.length}
        size="xs"
        placeholder={t("tagForm.addFilter")}
        aria-label={t("tagForm.addFilter")}
        data={KINDS.map((value) => ({ value, label: t(`tagForm.filterKinds.${value}`) }))}
        value={null}
        onChange={(kind) => kind && set([...filters, emptyFilter(kind as FilterKind)])}
      />
    </Section>
  );
}

export function FormChecks({ form, unit }: { form: TagForm; unit: string }) {
  const { t } = useTranslation();
  const { checks } = form.draft;
  const set = (field: CheckField, value: string): void => form.set({ checks: { ...checks, [field]: value } });
  const units: Record<CheckField, string> = { max_rate: unit ? `${unit}/s` : "1/s", frozen_s: "s", stale_s: "s", agrees_with: "", within: unit, for_s: "s" };
  const shown = CHECK_FIELDS.filter((field) => field !== "max_rate" || isNumeric(form.draft));
  const known = CHECK_FIELDS.some((field) => form.error(`checks.${field}`) !== undefined);
  return (
    <Section title={t("tags.checks")} error={known ? undefined : form.error("checks")}>
      {shown.map((field) =>
        field === "agrees_with" ? (
          <TagPicker key={field} size="xs" label={t("tagForm.checkFields.agrees_with")} value={checks.agrees_with || null} onChange={(name) => set(field, name ?? "")} without={[form.draft.name]} clearable error={form.error("checks.agrees_with")} />
        ) : (
          <TextInput
            key={field}
            size="xs"
            label={t(`tagForm.checkFields.${field}`)}
            value={checks[field]}
            onChange={(event) => set(field, event.currentTarget.value)}
            error={form.error(`checks.${field}`)}
            rightSection={units[field] ? <span className="put-unit">{units[field]}</span> : undefined}
            rightSectionWidth="auto"
            inputMode="decimal"
          />
        ),
      )}
    </Section>
  );
}
