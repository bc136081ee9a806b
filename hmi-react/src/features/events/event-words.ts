/** Human words for kinds of events. */

/** Such as "tag put refused" of "tag.put.refused". */
export const kindWord = (kind: string): string => kind.replaceAll(/[._]/g, " ");

/** The name of the alarm that an event tells of; null for others, such as a refused command. */
export const alarmOf = (event: { class: string; subject: string; details: Record<string, unknown> }): string | null =>
  event.class === "alarm" && "tag" in event.details ? event.subject : null;

const SHOWN_ELSEWHERE = new Set(["area", "tag", "priority", "role", "comment", "output"]);

/** What else the journal keeps of an event, in words. */
export function detailsOf(details: Record<string, unknown>): [string, string][] {
  return Object.entries(details)
    .filter(([name, value]) => !SHOWN_ELSEWHERE.has(name) && value !== null && value !== "")
    .map(([name, value]) => [kindWord(name), typeof value === "string" ? value : JSON.stringify(value)]);
}
