/** The filters of the log book. */
import { useTranslation } from "react-i18next";
import type { LogPlan } from "@/api/logbook";
import { AddressText } from "@/ui/address-text";
import { asChoice, FilterChoice, Filters as Frame } from "@/ui/filters";
import { countOn, NOT_FILTERED, type Filters, type Word } from "./log-filter";

interface Props {
  filters: Filters;
  plan: LogPlan | undefined;
  areas: readonly string[];
  set(words: Partial<Record<Word, string | null>>): void;
}

export function FilterBar({ filters, plan, areas, set }: Props) {
  const { t } = useTranslation();
  const choice = (word: "category" | "shift" | "area", names: readonly string[], width: number) => (
    <FilterChoice label={t(`logbook.${word}`)} data={names.map(asChoice)} value={filters[word]} width={width} onChange={(value) => set({ [word]: value })} />
  );
  const text = (word: "author" | "tag" | "alarm", width: number) => (
    <AddressText size="xs" type="search" placeholder={t(`logbook.${word}`)} aria-label={t(`logbook.${word}`)} value={filters[word]} onChange={(typed) => set({ [word]: typed })} style={{ width }} />
  );
  const shifts = (plan?.shifts ?? []).map((shift) => shift.name);
  return (
    <Frame text={filters.text} on={countOn(filters)} onText={(typed) => set({ text: typed })} onClear={() => set(NOT_FILTERED)}>
      {choice("category", plan?.categories ?? [], 140)}
      {choice("area", areas, 140)}
      {(shifts.length > 0 || filters.shift !== "") && choice("shift", shifts, 110)}
      {text("author", 110)}
      {text("tag", 120)}
      {text("alarm", 130)}
    </Frame>
  );
}
