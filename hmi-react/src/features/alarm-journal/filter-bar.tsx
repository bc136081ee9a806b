/** The filters of the journal. */
import { Checkbox } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { AddressText } from "@/ui/address-text";
import { asChoice, FilterChoice, Filters as Frame, type Choice } from "@/ui/filters";
import { countOn, EVENTS, wordsOf, type Filters, type View, type Word } from "./journal-filter";

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
  const words = wordsOf(view);
  const choice = (word: "area" | "alarm" | "tag" | "priority" | "event" | "state", data: readonly Choice[], width: number) => (
    <FilterChoice label={t(`journal.${word}`)} data={data} value={filters[word]} width={width} onChange={(value) => set({ [word]: value })} />
  );
  const clear = (): void => set(Object.fromEntries(words.map((word) => [word, null])));
  return (
    <Frame text={filters.text} on={countOn(filters, view)} onText={(text) => set({ text })} onClear={clear}>
      {choice("area", areas.map(asChoice), 150)}
      {choice("priority", ["1", "2", "3", "4", "5"].map(asChoice), 96)}
      {choice("alarm", alarms.map(asChoice), 140)}
      {choice("tag", tags.map(asChoice), 130)}
      {words.includes("event") && choice("event", EVENTS.map((one) => ({ value: one, label: t(`journal.events.${one}`) })), 150)}
      {words.includes("state") && choice("state", STATES.map((one) => ({ value: one, label: t(`alarm.state.${one}`) })), 150)}
      {words.includes("actor") && (
        <AddressText size="xs" type="search" placeholder={t("journal.actor")} aria-label={t("journal.actor")} value={filters.actor} onChange={(actor) => set({ actor })} style={{ width: 100 }} />
      )}
      {words.includes("open") && <Checkbox size="xs" label={t("journal.open")} checked={filters.open !== ""} onChange={(event) => set({ open: event.currentTarget.checked ? "1" : null })} />}
    </Frame>
  );
}
