/** One field of a link's form, as its schema has it. */
import { ActionIcon, Button, NativeSelect, Switch, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { rowFault, type Field, type Row, type Typed } from "./link-schema";

interface Props {
  field: Field;
  value: Typed;
  error: string | undefined;
  onChange(value: Typed): void;
}

/** The label of a field: its name in words. */
export const labelOf = (name: string): string => {
  const words = name.replace(/_s$/, "").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export function LinkField({ field, value, error, onChange }: Props) {
  const { t } = useTranslation();
  const common = { size: "xs", label: labelOf(field.name), description: field.description || undefined, error } as const;
  if (field.sort === "switch") {
    return <Switch {...common} className="link-switch" checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
  }
  if (field.sort === "choice") {
    // What is none of the choices is shown as it is, so that the form never seems to say another one.
    const others = field.choices.includes(String(value)) ? [] : [String(value)];
    return <NativeSelect {...common} value={String(value)} onChange={(event) => onChange(event.currentTarget.value)} data={[...others, ...field.choices]} />;
  }
  if (field.sort === "numbers") return <Numbers field={field} rows={Array.isArray(value) ? value : []} error={error} onRows={onChange} />;
  if (field.sort === "texts") {
    const description = [field.description, t("linkForm.perLine")].filter(Boolean).join("; ");
    return <Textarea {...common} description={description} rows={2} resize="vertical" value={String(value)} onChange={(event) => onChange(event.currentTarget.value)} autoComplete="off" spellCheck={false} />;
  }
  return (
    <TextInput
      {...common}
      value={String(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
      placeholder={placeholderOf(field)}
      inputMode={field.sort === "text" ? "text" : "decimal"}
      maxLength={field.maxLength}
      rightSection={field.unit ? <span className="put-unit">{field.unit}</span> : undefined}
      rightSectionWidth={field.unit ? "auto" : undefined}
      rightSectionPointerEvents="none"
      autoComplete="off"
      spellCheck={false}
    />
  );
}

/** What an emptied field means: the default of a number; an emptied text is empty. */
const placeholderOf = (field: Field): string | undefined => (typeof field.default === "number" ? String(field.default) : undefined);

interface NumbersProps {
  field: Field;
  rows: Row[];
  error: string | undefined;
  onRows(rows: Row[]): void;
}

/** Names with a number each, such as scan classes. */
function Numbers({ field, rows, error, onRows }: NumbersProps) {
  const { t } = useTranslation();
  const label = labelOf(field.name);
  const change = (at: number, patch: Partial<Row>): void => onRows(rows.map((row, i) => (i === at ? { ...row, ...patch } : row)));
  const faultOf = (at: number): string | undefined => {
    const fault = rowFault(rows, at);
    return fault === null ? undefined : t(`linkForm.rowFaults.${fault}`);
  };
  return (
    <fieldset className="link-numbers">
      <legend>{label}</legend>
      {field.description && <span className="muted">{field.description}</span>}
      {rows.map((row, i) => (
        <div className="link-row" key={i}>
          <TextInput size="xs" aria-label={t("linkForm.rowName", { field: label, row: i + 1 })} value={row.key} onChange={(event) => change(i, { key: event.currentTarget.value })} maxLength={128} error={faultOf(i)} autoComplete="off" spellCheck={false} />
          <TextInput
            size="xs"
            aria-label={t("linkForm.rowValue", { field: label, name: row.key })}
            value={row.value}
            onChange={(event) => change(i, { value: event.currentTarget.value })}
            inputMode="decimal"
            rightSection={<span className="put-unit">{field.unit}</span>}
          />
          <ActionIcon variant="subtle" color="gray" onClick={() => onRows(rows.filter((_, at) => at !== i))} aria-label={t("linkForm.rowRemove", { name: row.key || String(i + 1) })}>
            ✕
          </ActionIcon>
        </div>
      ))}
      <Button size="compact-xs" variant="default" onClick={() => onRows([...rows, { key: "", value: "" }])} aria-label={t("linkForm.rowAddTo", { field: label })}>
        {t("linkForm.rowAdd")}
      </Button>
      {error && (
        <span className="put-error" role="alert">
          {error}
        </span>
      )}
    </fieldset>
  );
}
