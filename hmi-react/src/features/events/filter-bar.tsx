/** The filters of the event log. */
import { MultiSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CLASSES, CRITICALITIES } from "@/api/events";
import { AddressText } from "@/ui/address-text";
import { asChoice, FilterChoice, Filters as Frame, type Choice } from "@/ui/filters";
import { countOn, NOT_FILTERED, type Filters, type Word } from "./event-filter";

interface Props {
  filters: Filters;
  areas: readonly string[];
  set(words: Partial<Record<Word, string | null>>): void;
}

export function FilterBar({ filters, areas, set }: Props) {
  const { t } = useTranslation();
  const classes = filters.class.split(",").filter(Boolean);
  const choice = (word: "area" | "priority" | "criticality", data: readonly Choice[], width: number) => (
    <FilterChoice label={t(`events.${word}`)} data={data} value={filters[word]} width={width} onChange={(value) => set({ [word]: value })} />
  );
  const text = (word: "kind" | "subject" | "tag" | "actor", width: number) => (
    <AddressText size="xs" type="search" placeholder={t(`events.${word}`)} aria-label={t(`events.${word}`)} value={filters[word]} onChange={(typed) => set({ [word]: typed })} style={{ width }} />
  );
  return (
    <Frame text={filters.text} on={countOn(filters)} onText={(typed) => set({ text: typed })} onClear={() => set(NOT_FILTERED)}>
      <MultiSelect
        size="xs"
        clearable
        placeholder={classes.length === 0 ? t("events.class") : ""}
        aria-label={t("events.class")}
        data={CLASSES.map((one) => ({ value: one, label: t(`events.classes.${one}`) }))}
        value={classes}
        onChange={(chosen) => set({ class: chosen.join(",") })}
        comboboxProps={{ width: "max-content", position: "bottom-start", transitionProps: { duration: 0 } }}
        className="event-classes"
      />
      {choice("priority", ["1", "2", "3", "4"].map((one) => ({ value: one, label: t("events.atLeast", { priority: one }) })), 120)}
      {choice("criticality", CRITICALITIES.slice(1).map((one) => ({ value: one, label: t("events.atLeastCriticality", { criticality: t(`events.criticalities.${one}`) }) })), 130)}
      {choice("area", areas.map(asChoice), 140)}
      {text("tag", 110)}
      {text("subject", 110)}
      {text("kind", 100)}
      {text("actor", 96)}
    </Frame>
  );
}
