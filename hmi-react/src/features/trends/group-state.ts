/** A saved group and the address of a trend: from one to the other, and whether they say the same. */
import type { GroupContent, Heading, TrendGroup } from "@/api/displays";
import { looksOf, looksWord, pensWith, type Looks } from "@/ui/pen-looks";
import { penWords } from "@/ui/pen-words";
import { spanWords, type TrendState, type Words } from "./trend-address";

/** The group that the address names. version: the one that the rest of the address came from; null: it is yet to be opened. */
export interface Opened {
  id: number;
  version: number | null;
}

/** Such as "12.3", or "12" for the newest version. */
export function readGroup(word: string | null): Opened | null {
  const found = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(word ?? "");
  return found ? { id: Number(found[1]), version: found[2] === undefined ? null : Number(found[2]) } : null;
}

export const groupWord = ({ id, version }: Pick<TrendGroup, "id" | "version">): string => `${id}.${version}`;

/** What would be saved. */
export const contentOf = (state: TrendState, looks: Looks): GroupContent => ({
  pens: pensWith(state.pens, looks),
  range_s: state.range,
  start: state.span?.start ?? null,
  end: state.span?.end ?? null,
  limits: state.limits,
  alarms: state.alarms,
  notes: state.notes,
  compare_s: state.compare,
  table: state.table,
  step: state.step ?? "",
});

/** The address of the group as it was saved. */
export function wordsOf(group: TrendGroup): Words {
  const tags = group.pens.map((pen) => pen.tag);
  return {
    group: groupWord(group),
    pens: tags.join(","),
    looks: looksWord(looksOf(group.pens), tags),
    range: String(group.range_s),
    ...spanWords(group.start === null || group.end === null ? null : { start: group.start, end: group.end }),
    limits: group.limits ? "1" : null,
    alarms: group.alarms ? null : "0",
    notes: group.notes ? null : "0",
    compare: group.compare_s === 0 ? null : String(group.compare_s),
    view: group.table ? "table" : null,
    step: group.step || null,
    a: null,
    b: null,
  };
}

export const headingOf = ({ name, description, shared }: Heading): Heading => ({ name, description, shared });

export const savedContentOf = ({ pens, range_s, start, end, limits, alarms, notes, compare_s, table, step }: GroupContent): GroupContent => ({
  pens, range_s, start, end, limits, alarms, notes, compare_s, table, step,
});

/** As it is told where two people have changed the same group. */
export const inWords = (content: GroupContent): Record<string, unknown> => ({ ...savedContentOf(content), pens: content.pens.map(penWords) });

/** The same whatever the order of the fields that the runtime answers in. */
function plain(content: GroupContent): string {
  const pens = content.pens.map(({ tag, colour, own_axis, low, high, style }) => [tag, colour, own_axis, low, high, style]);
  const { range_s, start, end, limits, alarms, notes, compare_s, table, step } = content;
  return JSON.stringify([pens, range_s, start, end, limits, alarms, notes, compare_s, table, step]);
}

export const differs = (one: GroupContent, other: GroupContent): boolean => plain(one) !== plain(other);
