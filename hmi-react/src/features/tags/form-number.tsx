/** Range, precision and deadbands of a number; which samples are recorded; the texts of an enum's values. */
import { Button, CloseButton, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Section } from "@/ui/form-section";
import { Text } from "./form-fields";
import { FormRecording } from "./form-recording";
import { isNumeric, type PairDraft } from "./tag-draft";
import type { TagForm } from "./tag-form";

export function FormNumber({ form, unit }: { form: TagForm; unit: string }) {
  const { t } = useTranslation();
  // A deadband in percent of span has no other unit.
  const unitBeside = (typed: string): string => (typed.includes("%") ? "" : unit);
  return (
    <Section title={isNumeric(form.draft) ? t("tagForm.number") : t("tags.history")}>
      {isNumeric(form.draft) && (
        <>
          <Text form={form} field="low" path="range" number unit={unit} />
          <Text form={form} field="high" path="range" number unit={unit} />
          {form.draft.type === "float" && <Text form={form} field="precision" number />}
          <Text form={form} field="deadband" hint={t("tagForm.deadbandHint")} unit={unitBeside(form.draft.deadband)} />
          <Text form={form} field="history_deadband" hint={t("tagForm.historyDeadbandHint")} unit={unitBeside(form.draft.history_deadband)} />
        </>
      )}
      <FormRecording form={form} unitBeside={unitBeside} />
    </Section>
  );
}

interface PairsProps {
  title: string;
  keyLabel: string;
  valueLabel: string;
  rows: PairDraft[];
  error: string | undefined;
  add: string;
  onRows(rows: PairDraft[]): void;
  /** The key that a new row begins with. */
  nextKey?: (rows: readonly PairDraft[]) => string;
}

/** A table of names and texts, such as the states of an enum. */
export function FormPairs({ title, keyLabel, valueLabel, rows, error, add, onRows, nextKey = () => "" }: PairsProps) {
  const { t } = useTranslation();
  const change = (at: number, patch: Partial<PairDraft>): void => onRows(rows.map((row, index) => (index === at ? { ...row, ...patch } : row)));
  return (
    <Section title={title} error={error}>
      <div className="form-rows">
        {rows.map((row, at) => (
          <div key={at} className="form-row">
            <TextInput size="xs" style={{ width: 112 }} aria-label={keyLabel} placeholder={keyLabel} value={row.key} onChange={(event) => change(at, { key: event.currentTarget.value })} maxLength={64} />
            <TextInput size="xs" className="grow" aria-label={valueLabel} placeholder={valueLabel} value={row.value} onChange={(event) => change(at, { value: event.currentTarget.value })} maxLength={500} />
            <CloseButton size="sm" aria-label={t("form.removeRow", { row: row.key || String(at + 1) })} onClick={() => onRows(rows.filter((_, index) => index !== at))} />
          </div>
        ))}
      </div>
      <Button size="compact-xs" variant="default" onClick={() => onRows([...rows, { key: nextKey(rows), value: "" }])} style={{ justifySelf: "start" }}>
        {add}
      </Button>
    </Section>
  );
}

/** The number after the highest so far. */
export const nextState = (rows: readonly PairDraft[]): string => String(rows.reduce((highest, row) => Math.max(highest, Number(row.key) || 0), -1) + 1);
