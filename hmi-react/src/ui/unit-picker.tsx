/** Choose a unit of the catalogue, by quantity. */
import { Select } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useUnits, type Quantity } from "@/api/configuration";

interface Props {
  label: string;
  value: string;
  onChange(unit: string): void;
  /** Only units that this one converts to. */
  like?: string;
  error?: string | undefined;
  disabled?: boolean;
  /** What it is while none is chosen. */
  placeholder?: string;
}

/** The quantities with their units as choices; only that of the unit `like`, if it is known. */
export function unitChoices(quantities: readonly Quantity[], like: string, value: string) {
  const same = quantities.filter((quantity) => quantity.units.some((unit) => unit.id === like));
  const groups = (same.length > 0 ? same : quantities).map((quantity) => ({
    group: quantity.name,
    items: quantity.units.map((unit) => ({ value: unit.id, label: unit.symbol === unit.name ? unit.name : `${unit.symbol} – ${unit.name}` })),
  }));
  const known = groups.some((group) => group.items.some((item) => item.value === value));
  return value === "" || known ? groups : [{ group: "?", items: [{ value, label: value }] }, ...groups];
}

export function UnitPicker({ label, value, onChange, like = "", error, disabled = false, placeholder }: Props) {
  const { t } = useTranslation();
  const { data } = useUnits();
  const choices = useMemo(() => unitChoices(data ?? [], like, value), [data, like, value]);
  return (
    <Select
      size="xs"
      label={label}
      searchable
      clearable
      data={choices}
      value={value || null}
      onChange={(unit) => onChange(unit ?? "")}
      placeholder={placeholder ?? t("form.noUnit")}
      nothingFoundMessage={t("form.noSuchUnit")}
      error={error}
      disabled={disabled}
    />
  );
}
