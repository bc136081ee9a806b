/** Filters of a page: a search text that is always in sight, and the others, which a narrow screen has behind a button. */
import { Button, Select } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { AddressText } from "./address-text";

const NARROW = 900;

interface Props {
  text: string;
  /** How many filters are on, the search text apart. */
  on: number;
  onText(text: string): void;
  onClear(): void;
  children: ReactNode;
}

export function Filters({ text, on, onText, onClear, children }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(window.innerWidth >= NARROW);
  return (
    <>
      <AddressText size="xs" type="search" placeholder={t("journal.search")} aria-label={t("journal.search")} value={text} onChange={onText} style={{ width: 170 }} />
      <Button size="xs" variant="default" className="filters-more" aria-expanded={open} onClick={() => setOpen(!open)}>
        {on > 0 ? t("journal.filtersOn", { count: on }) : t("journal.filters")}
      </Button>
      {open && (
        <>
          {children}
          {(on > 0 || text !== "") && (
            <Button size="xs" variant="subtle" onClick={onClear}>
              {t("journal.clear")}
            </Button>
          )}
        </>
      )}
    </>
  );
}

export interface Choice {
  value: string;
  label: string;
}

interface ChoiceProps {
  label: string;
  value: string;
  data: readonly Choice[];
  width: number;
  onChange(value: string | null): void;
}

export function FilterChoice({ label, value, data, width, onChange }: ChoiceProps) {
  return (
    <Select
      size="xs"
      clearable
      searchable={data.length > 8}
      limit={100}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      placeholder={label}
      aria-label={label}
      data={withChosen(data, value)}
      value={value || null}
      onChange={onChange}
      style={{ width }}
    />
  );
}

export const asChoice = (name: string): Choice => ({ value: name, label: name });

/** A value that the address names and nobody offers is still shown as chosen. */
function withChosen(data: readonly Choice[], chosen: string): Choice[] {
  return chosen === "" || data.some((one) => one.value === chosen) ? [...data] : [asChoice(chosen), ...data];
}
