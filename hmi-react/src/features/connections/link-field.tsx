/** One field of a link's form, as its schema has it. */
import { ActionIcon, Button, NativeSelect, Switch, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Field, Row, Typed } from "./link-schema";

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
  const label = labelOf(field.name);
  const common = { size: "xs", label, description: field.description || undefined, error } as const;
  if (field.sort === "switch") {
    return <Switch {...common} className="link-switch" checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
  }
  if (field.sort === "choice") {
    return <NativeSelect {...common} value={String(value)} onChange={(event) => onChange(event.currentTarget.value)} data={[...field.choices]} />;
  }
  if (field.sort === "numbers") return <Numbers field={field} rows={value as Row[]} error={error} onRows={onChange} />;
  return (
    <TextInput
      {...common}
      value={String(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
      placeholder={field.default === null || field.default === undefined ? undefined : String(field.default)}
      inputMode={field.sort === "text" || field.sort === "texts" ? "text" : "decimal"}
      maxLength={field.maxLength}
      rightSection={field.unit ? <span className="put-unit">{field.unit}</span> : undefined}
      rightSectionWidth={field.unit ? "auto" : undefined}
      rightSectionPointerEvents="none"
      autoComplete="off"
      spellCheck={false}
    />
  );
}

interface NumbersProps {
  field: Field;
  rows: Row[];
  error: string | undefined;
  onRows(rows: Row[]): void;
}

/** Names with a number each, such as scan classes. */
function Numbers({ field, rows, error, onRows }: NumbersProps) {
  const { t } = useTranslation();
  const change = (at: number, patch: Partial<Row>): void => onRows(rows.map((row, i) => (i === at ? { ...row, ...patch } : row)));
  return (
    <fieldset className="link-numbers">
      <legend>{labelOf(field.name)}</legend>
      <span className="muted">{field.description}</span>
      {rows.map((row, i) => (
        <div className="link-row" key={i}>
          <TextInput size="xs" aria-label={t("linkForm.rowName", { field: labelOf(field.name), row: i + 1 })} value={row.key} onChange={(event) => change(i, { key: event.currentTarget.value })} maxLength={128} />
          <TextInput
            size="xs"
            aria-label={t("linkForm.rowValue", { field: labelOf(field.name), name: row.key })}
            value={row.value}
            onChange={(event) => change(i, { value: event.currentTarget.value })}
            inputMode="decimal"
            rightSection={<span className="put-unit">{field.unit}</span>}
          />
          <ActionIcon variant="subtle" color="gray" onClick={() => onRows(rows.filter((_, at) => at !== i))} aria-label={t("linkForm.rowRemove", { name: row.key })}>
            ✕
          </ActionIcon>
        </div>
      ))}
      <Button size="compact-xs" variant="default" onClick={() => onRows([...rows, { key: "", value: "" }])}>
        {t("linkForm.rowAdd")}
      </Button>
      {error && <span className="put-error">{error}</span>}
    </fieldset>
  );
}
