/** A dashboard while it is put together. */
import type { Dashboard, DashboardContent, Heading, Strip } from "@/api/displays";
import { looksOf, looksWord, type Looks } from "@/ui/pen-looks";
import { penWords } from "@/ui/pen-words";
import { inReadingOrder, roomIn } from "./grid";

/** key: stays with the strip wherever it moves, so that its chart is not made anew. */
export interface DraftStrip extends Strip {
  key: number;
}

export const STRIPS_MAX = 24;
export const SPAN_MAX = 43_200;

export const draftOf = ({ strips }: DashboardContent): DraftStrip[] => inReadingOrder(strips).map((strip, key) => ({ ...strip, key }));

const nextKey = (strips: readonly DraftStrip[]): number => Math.max(-1, ...strips.map((strip) => strip.key)) + 1;

/** What is known of a strip beside its place. */
export type StripWords = Pick<Strip, "title" | "pens" | "span_min" | "low" | "high">;

export const EMPTY: StripWords = { title: "", pens: [], span_min: 10, low: null, high: null };

export const added = (strips: readonly DraftStrip[], strip: StripWords): DraftStrip[] => [...strips, { ...roomIn(strips), ...strip, key: nextKey(strips) }];

/** What is saved. */
export const contentOf = (strips: readonly Strip[]): DashboardContent => ({
  strips: inReadingOrder(strips).map(({ x, y, width, height, title, pens, span_min, low, high }) => ({ x, y, width, height, title, pens, span_min, low, high })),
});

export const headingOf = ({ name, description, shared }: Heading): Heading => ({ name, description, shared });

/** The same whatever the order of the fields that the runtime answers in. */
function plain({ strips }: DashboardContent): string {
  return JSON.stringify(
    strips.map(({ x, y, width, height, title, pens, span_min, low, high }) => [
      [x, y, width, height, title, span_min, low, high],
      pens.map((pen) => [pen.tag, pen.colour, pen.own_axis, pen.low, pen.high, pen.style]),
    ]),
  );
}

export const isDirty = (strips: readonly DraftStrip[], saved: Dashboard | undefined): boolean => plain(contentOf(strips)) !== plain(contentOf(draftOf(saved ?? { strips: [] })));

export const tagsOf = (strip: Pick<Strip, "pens">): string[] => strip.pens.map((pen) => pen.tag);

export const titleOf = (strip: Pick<Strip, "title" | "pens">): string => strip.title || tagsOf(strip).join(", ");

const HOUR_MIN = 60;
const DAY_MIN = 24 * HOUR_MIN;

/** In the largest unit that needs no fraction, such as "90 min", "8 h" or "7 d". */
export function spanText(minutes: number): string {
  if (minutes % DAY_MIN === 0) return `${minutes / DAY_MIN} d`;
  return minutes % HOUR_MIN === 0 ? `${minutes / HOUR_MIN} h` : `${minutes} min`;
}

/** How the pens are drawn: the limits of the strip count where a pen has none of its own. */
export function looksIn({ pens, low, high }: Pick<Strip, "pens" | "low" | "high">): Looks {
  return looksOf(pens.map((pen) => (pen.low === null && pen.high === null ? { ...pen, low, high } : pen)));
}

/** One line for each strip, where two people have changed the same dashboard. */
export const stripsInWords = (strips: readonly Strip[]): Record<string, string> =>
  Object.fromEntries(
    contentOf(strips).strips.map((strip, at) => {
      const axis = strip.low !== null && strip.high !== null ? `${strip.low} – ${strip.high}` : "";
      const place = `${strip.x + 1}/${strip.y + 1} ${strip.width} × ${strip.height}`;
      return [String(at + 1), [strip.title, place, spanText(strip.span_min), axis, strip.pens.map(penWords).join(", ")].filter(Boolean).join("; ")];
    }),
  );

/** Those that the page Trends offers. */
const RANGES = [600, 3_600, 28_800, 86_400, 604_800, 2_592_000];

/** The address of the same pens on the page Trends, as far back at least. */
export function trendOf(strip: Strip): string {
  const tags = tagsOf(strip);
  const range = RANGES.find((one) => one >= strip.span_min * 60) ?? RANGES.at(-1);
  const looks = looksWord(looksIn(strip), tags);
  return `/trends?${new URLSearchParams({ pens: tags.join(","), range: String(range), ...(looks === null ? {} : { looks }) })}`;
}
