/** An annotation is written or corrected: when, of which pens, what. */
import { MultiSelect, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { annotate, correctAnnotation, TEXT_MAX } from "@/api/annotations";
import { AskDialog } from "@/ui/ask-dialog";
import { fieldText, readField } from "@/ui/period";
import { bodyOf, isOrdered, isReady, type Draft } from "./annotation-draft";

interface Props {
  begun: Draft;
  pens: readonly string[];
  onClose(): void;
}

export function AnnotationDialog({ begun, pens, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(begun);
  const change = (fields: Partial<Draft>): void => setDraft({ ...draft, ...fields });
  const { id } = draft;
  const act = async (): Promise<void> => {
    await (id === null ? annotate(bodyOf(draft)) : correctAnnotation(id, bodyOf(draft)));
    await queries.invalidateQueries({ queryKey: ["annotations"] });
  };
  return (
    <AskDialog
      title={t(id === null ? "trends.annotations.new" : "trends.annotations.correct")}
      action={t("trends.annotations.save")}
      disabled={!isReady(draft)}
      act={act}
      onClose={onClose}
    >
      <Textarea label={t("trends.annotations.text")} value={draft.text} onChange={(event) => change({ text: event.currentTarget.value })} autosize minRows={2} maxRows={8} maxLength={TEXT_MAX} required data-autofocus />
      <div className="trends-when">
        <Instant label={t("trends.annotations.from")} value={draft.time} onChange={(time) => time !== null && change({ time })} />
        <Instant label={t("trends.annotations.to")} value={draft.end} onChange={(end) => change({ end })} error={isOrdered(draft) ? undefined : t("trends.annotations.order")} clearable />
      </div>
      <MultiSelect
        label={t("trends.annotations.pens")}
        data={[...new Set([...pens, ...begun.tags])]}
        value={draft.tags}
        onChange={(tags) => change({ tags })}
        comboboxProps={{ transitionProps: { duration: 0 } }}
        required
      />
    </AskDialog>
  );
}

interface InstantProps {
  label: string;
  value: number | null;
  error?: string | undefined;
  clearable?: boolean;
  onChange(seconds: number | null): void;
}

/** A field for an instant, to the second; half of a date is not taken over. */
function Instant({ label, value, error, clearable = false, onChange }: InstantProps) {
  return (
    <TextInput
      type="datetime-local"
      step={1}
      max="9999-12-31T23:59:59"
      label={label}
      required={!clearable}
      value={fieldText(value, true)}
      error={error}
      onChange={(event) => {
        const read = readField(event.currentTarget.value);
        if (read !== null || clearable) onChange(read);
      }}
    />
  );
}
