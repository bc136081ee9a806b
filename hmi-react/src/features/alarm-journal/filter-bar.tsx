/** The filters of the journal; on a narrow screen all but the search text are behind a button. */
import { Button, Checkbox, Select } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AddressText } from "@/ui/address-text";
import { countOn, EVENTS, wordsOf, type Filters, type View, type Word } from "./journal-filter";

const NARROW = 900;
const STATES = ["UNACK", "ACKED", "RTNUN", "LUNACK", "LACK", "NORM", "SHLVD", "DSUPR", "OOSRV"] as const;

interface Props {
  view: View;
  filters: Filters;
  areas: readonly string[];
  /** Names that are asked for as a whole. */
  alarms: readonly string[];
  tags: readonly string[];
  set(words: Partial<Record<Word, string | null>>): void;
}

export function FilterBar({ view, filters, areas, alarms, tags, set }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(window.innerWidth >= NARROW);
  const on = countOn(filters, view);
  const words = wordsOf(view);
  const text = (word: "actor", width: number) => (
    <AddressText size="xs" type="search" placeholder={t(`journal.${word}`)} aria-label={t(`journal.${word}`)} value={filters[word]} onChange={(typed) => set({ [word]: typed })} style={{ width }} />
  );
  const choice = (word: "area" | "alarm" | "tag" | "priority" | "event" | "state", data: { value: string; label: string }[], width: number) => (
    <Select
      size="xs"
      clearable
      searchable={data.length > 8}
      limit={100}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      placeholder={t(`journal.${word}`)}
      aria-label={t(`journal.${word}`)}
      data={withChosen(data, filters[word])}
      value={filters[word] || null}
      onChange={(value) => set({ [word]: value })}
      style={{ width }}
    />
  );
  return (
    <>
      <AddressText size="xs" type="search" placeholder={t("journal.search")} aria-label={t("journal.search")} value={filters.text} onChange={(typed) => set({ text: typed })} style={{ width: 170 }} />
      <Button size="xs" variant="default" className="journal-more" aria-expanded={open} onClick={() => setOpen(!open)}>
        {on > 0 ? t("journal.filtersOn", { count: on }) : t("journal.filters")}
      </Button>
      {open && (
        <>
          {choice("area", areas.map(asChoice), 150)}
          {choice("priority", ["1", "2", "3", "4", "5"].map((one) => ({ value: one, label: one })), 96)}
          {choice("alarm", alarms.map(asChoice), 140)}
          {choice("tag", tags.map(asChoice), 130)}
          {words.includes("event") && choice("event", EVENTS.map((one) => ({ value: one, label: t(`journal.events.${one}`) })), 150)}
          {words.includes("state") && choice("state", STATES.map((one) => ({ value: one, label: t(`alarm.state.${one}`) })), 150)}
          {words.includes("actor") && text("actor", 100)}
          {words.includes("open") && <Checkbox size="xs" label={t("journal.open")} checked={filters.open !== ""} onChange={(event) => set({ open: event.currentTarget.checked ? "1" : null })} />}
          {(on > 0 || filters.text !== "") && (
            <Button size="xs" variant="subtle" onClick={() => set(Object.fromEntries(words.map((word) => [word, null])))}>
              {t("journal.clear")}
            </Button>
          )}
        </>
      )}
    </>
  );
}

const asChoice = (name: string) => ({ value: name, label: name });

/** A value that the address names and nobody offers is still shown as chosen. */
function withChosen(data: { value: string; label: string }[], chosen: string): { value: string; label: string }[] {
  return chosen === "" || data.some((one) => one.value === chosen) ? data : [{ value: chosen, label: chosen }, ...data];
}
