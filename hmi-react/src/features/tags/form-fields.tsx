/** The fields that every part of the tag form is made of. */
import { Switch, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Draft, DraftTexts } from "./tag-draft";
import type { TagForm } from "./tag-form";

interface TextProps {
  form: TagForm;
  field: keyof DraftTexts;
  /** Where the runtime tells its mistakes, if not by the field's own name. */
  path?: string;
  number?: boolean;
  unit?: string;
  wide?: boolean;
  disabled?: boolean;
  hint?: string;
  placeholder?: string;
  autoFocus?: boolean;
}

export function Text({ form, field, path = field, number = false, unit, wide = false, disabled = false, hint, placeholder, autoFocus = false }: TextProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      size="xs"
      className={wide ? "form-wide" : undefined}
      label={t(`tags.${field}`)}
      description={hint}
      placeholder={placeholder}
      value={form.draft[field]}
      onChange={(event) => form.set({ [field]: event.currentTarget.value })}
      error={form.error(path)}
      inputMode={number ? "decimal" : "text"}
      maxLength={form.most(field) ?? 2000}
      rightSection={unit ? <span className="put-unit">{unit}</span> : undefined}
      rightSectionWidth={unit ? "auto" : undefined}
      rightSectionPointerEvents="none"
      disabled={disabled}
      autoFocus={autoFocus}
      autoComplete="off"
      spellCheck={field === "description"}
    />
  );
}

type Flag = "writable" | "retained";

export function Flag({ form, field }: { form: TagForm; field: Flag }) {
  const { t } = useTranslation();
  return <Switch size="xs" label={t(`tags.${field}`)} checked={form.draft[field]} onChange={(event) => form.set({ [field]: event.currentTarget.checked } as Pick<Draft, Flag>)} error={form.error(field)} />;
}
