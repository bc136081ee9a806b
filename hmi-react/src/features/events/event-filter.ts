/** The filters of the event log as the address keeps them, and as the runtime is asked. */
import type { EventFilter } from "@/api/events";

/** The words of the address that filter, beside the period. */
export const WORDS = ["text", "class", "priority", "criticality", "kind", "subject", "tag", "area", "actor"] as const;
export type Word = (typeof WORDS)[number];
export type Filters = Record<Word, string>;

export const NOT_FILTERED = Object.fromEntries(WORDS.map((word) => [word, null])) as Record<Word, null>;

export const filtersOf = (search: URLSearchParams): Filters => Object.fromEntries(WORDS.map((word) => [word, (search.get(word) ?? "").trim()])) as Filters;

/** How many filters are on, the search text apart: it is always in sight. */
export const countOn = (filters: Filters): number => WORDS.filter((word) => word !== "text" && filters[word]).length;

export const asked = (filters: Filters, bounds: Pick<EventFilter, "start" | "end">): EventFilter => ({ ...filters, ...bounds });
