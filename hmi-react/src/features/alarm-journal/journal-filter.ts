/** The filters of the journal as the address keeps them, and as the runtime is asked. */
import type { JournalFilter, OccurrenceFilter } from "@/api/alarm-history";

export const VIEWS = ["rows", "occurrences"] as const;
export type View = (typeof VIEWS)[number];

/** The words of the address that filter, beside the period. */
export const WORDS = ["text", "area", "tag", "alarm", "priority", "event", "state", "actor", "open"] as const;
export type Word = (typeof WORDS)[number];
export type Filters = Record<Word, string>;

const ONLY_ROWS: readonly Word[] = ["event", "state", "actor"];
const ONLY_OCCURRENCES: readonly Word[] = ["open"];

/** What happens to alarms, as it is asked for. */
export const EVENTS = [
  "raised", "returned", "acknowledged", "commented", "shelved", "unshelved", "suppressed", "unsuppressed", "out_of_service", "returned_to_service",
  "reset", "realarmed", "escalated", "deescalated", "reflashed", "disabled", "enabled", "added", "changed", "renamed", "removed", "resync",
] as const;
export type EventName = (typeof EVENTS)[number];

export const isEvent = (name: string): name is EventName => (EVENTS as readonly string[]).includes(name);

export const viewOf = (search: URLSearchParams): View => (search.get("view") === "occurrences" ? "occurrences" : "rows");

export const filtersOf = (search: URLSearchParams): Filters => Object.fromEntries(WORDS.map((word) => [word, (search.get(word) ?? "").trim()])) as Filters;

/** The words that this view can filter by. */
export const wordsOf = (view: View): readonly Word[] => WORDS.filter((word) => !(view === "rows" ? ONLY_OCCURRENCES : ONLY_ROWS).includes(word));

/** How many filters are on, the search text apart: it is always in sight. */
export const countOn = (filters: Filters, view: View): number => wordsOf(view).filter((word) => word !== "text" && filters[word]).length;

type Bounds = Pick<JournalFilter, "start" | "end">;

export function rowsAsked(filters: Filters, bounds: Bounds): JournalFilter {
  const { open: _, ...asked } = filters;
  return { ...asked, ...bounds };
}

export function occurrencesAsked(filters: Filters, bounds: Bounds): OccurrenceFilter {
  const { event: _event, state: _state, actor: _actor, open, ...asked } = filters;
  return { ...asked, ...bounds, open: open ? true : undefined };
}
