/** How single pens are drawn where they are not drawn as usual: from and to the words of an address, and onto the pens of a chart. */
import type { Pen, PenLook } from "@/api/displays";
import { MAX_PENS } from "./pens";
import type { PenView } from "./trend-options";
import { lineOf } from "./units";

export type Looks = ReadonlyMap<string, PenLook>;

export const PLAIN: PenLook = { colour: 0, own_axis: false, low: null, high: null, style: "auto" };
export const NO_LOOKS: Looks = new Map();

/** Axis limits make sense together only, the upper above the lower. */
export const isRange = (low: number | null, high: number | null): boolean => low !== null && high !== null && Number.isFinite(low) && Number.isFinite(high) && low < high;

export const isPlain = (look: PenLook): boolean => look.colour === 0 && !look.own_axis && look.low === null && look.high === null && look.style === "auto";

/** Pens as they are saved, in their order. */
export const pensWith = (tags: readonly string[], looks: Looks): Pen[] => tags.map((tag) => ({ ...(looks.get(tag) ?? PLAIN), tag }));

/** The looks of saved pens. */
export const looksOf = (pens: readonly Pen[]): Looks => new Map(pens.map(({ tag, ...look }) => [tag, look] as const).filter(([, look]) => !isPlain(look)));

const SEPARATOR = "~";

/** One pen of the address: its tag, then what is unusual, such as "TK101.LT~c3~own~0:8~step". */
function word(tag: string, { colour, own_axis, low, high, style }: PenLook): string {
  const parts = [colour > 0 ? `c${colour}` : "", own_axis ? "own" : "", low !== null && high !== null ? `${low}:${high}` : "", style === "auto" ? "" : style];
  return [tag, ...parts.filter(Boolean)].join(SEPARATOR);
}

/** The looks of these pens as a word of the address; null if all are plain. */
export function looksWord(looks: Looks, tags: readonly string[]): string | null {
  const words = tags.flatMap((tag) => {
    const look = looks.get(tag);
    return look === undefined || isPlain(look) ? [] : [word(tag, look)];
  });
  return words.length === 0 ? null : words.join(",");
}

function lookOf(parts: readonly string[]): PenLook {
  const look = { ...PLAIN };
  for (const part of parts) {
    const colour = /^c(\d{1,2})$/.exec(part)?.[1];
    const [low, high] = part.split(":").map(Number);
    if (colour !== undefined && Number(colour) >= 1 && Number(colour) <= MAX_PENS) look.colour = Number(colour);
    else if (part === "own") look.own_axis = true;
    else if (part === "line" || part === "step") look.style = part;
    else if (part.includes(":") && low !== undefined && high !== undefined && isRange(low, high)) Object.assign(look, { low, high });
  }
  return look;
}

/** What the word says; whatever it does not know is left out. */
export function readLooks(text: string | null): Looks {
  const looks = (text ?? "").split(",").flatMap((one) => {
    const [tag, ...parts] = one.split(SEPARATOR);
    const look = lookOf(parts);
    return tag && !isPlain(look) ? [[tag, look] as const] : [];
  });
  return looks.length === 0 ? NO_LOOKS : new Map(looks);
}

/** The place of each pen in the palette, from 0: the one that is wanted, else its own, else the first that no other pen has. */
export function coloursOf(tags: readonly string[], looks: Looks): number[] {
  const wanted = tags.map((tag) => (looks.get(tag)?.colour ?? 0) - 1);
  const taken = new Set(wanted.filter((place) => place >= 0));
  const found = wanted.map((place, at) => (place >= 0 || taken.has(at) ? place : at));
  for (const place of found) taken.add(place);
  return found.map((place) => {
    if (place >= 0) return place;
    const free = Array.from({ length: MAX_PENS }, (_, at) => at).find((at) => !taken.has(at)) ?? 0;
    taken.add(free);
    return free;
  });
}

/** The axis of a pen that has limits: shared by pens of the same unit and limits only. */
function axisOf(pen: PenView, look: PenLook): Pick<PenView, "scale" | "range"> {
  const ranged = pen.words === null && look.low !== null && look.high !== null && isRange(look.low, look.high);
  const scale = look.own_axis ? `pen:${pen.tag}` : pen.scale;
  if (!ranged) return { scale, range: null };
  const { slope, start } = pen.conversion ? lineOf(pen.conversion) : { slope: 1, start: 0 };
  const ends = [(look.low ?? 0) * slope + start, (look.high ?? 0) * slope + start];
  const range: [number, number] = [Math.min(...ends), Math.max(...ends)];
  return { scale: `${scale}:${range.join(":")}`, range };
}

/** The pens, each with its own look and colour. */
export function withLooks(pens: readonly PenView[], looks: Looks): PenView[] {
  if (looks.size === 0) return [...pens];
  const colours = coloursOf(pens.map((pen) => pen.tag), looks);
  return pens.map((pen, at) => ({ ...withLook(pen, looks.get(pen.tag)), colour: colours[at] ?? at }));
}

/** The pen with its own axis and style. Switches and states are steps between their words whatever is wanted. */
export function withLook(pen: PenView, look: PenLook | undefined): PenView {
  if (look === undefined || isPlain(look)) return pen;
  const stepped = pen.words !== null || look.style === "auto" ? pen.stepped : look.style === "step";
  return { ...pen, ...axisOf(pen, look), stepped };
}
