/** An entry while it is written. */
import type { LogContent, LogEntry, NewLogEntry } from "@/api/logbook";

export interface Draft extends Omit<LogContent, "time"> {
  /** POSIX seconds; null for now. */
  time: number | null;
}

const ABOUT = { tag: "for_tag", alarm: "for_alarm", occurrence_id: "for_occurrence", area: "for_area" } as const;
/** The words of the address that begin an entry. */
export const BEGINNINGS: Readonly<Record<string, null>> = Object.fromEntries(["new", ...Object.values(ABOUT)].map((word) => [word, null]));

export const EMPTY: Draft = { category: "", title: "", text: "", time: null, area: "", shift: "", tag: "", alarm: "", occurrence_id: "" };

/** An entry about what the address names, such as an alarm that somebody wants to write of. */
export function draftOf(search: URLSearchParams): Draft {
  const about = Object.fromEntries(Object.entries(ABOUT).map(([field, word]) => [field, search.get(word) ?? ""]));
  return { ...EMPTY, ...about };
}

export const draftOfEntry = ({ category, title, text, time, area, shift, tag, alarm, occurrence_id }: LogEntry): Draft => ({
  category, title, text, time, area, shift, tag, alarm, occurrence_id,
});

/** True if a person has written something that would be lost. */
export const isDirty = (draft: Draft, before: Draft): boolean =>
  (Object.keys(draft) as (keyof Draft)[]).some((field) => field !== "category" && draft[field] !== before[field]) || (before.category !== "" && draft.category !== before.category);

export const isReady = (draft: Draft): boolean => draft.text.trim() !== "";

/** What is sent; an occurrence without its alarm means nothing. */
export function bodyOf(draft: Draft, category: string): NewLogEntry {
  const { time, ...rest } = draft;
  return { ...rest, category: draft.category || category, occurrence_id: draft.alarm === "" ? "" : draft.occurrence_id, ...(time === null ? {} : { time }) };
}
