/** What the chart library is told: scales per unit or set of states, axes, and how each pen is drawn. */
import uPlot from "uplot";
import type { TagView } from "@/api/types";
import { conversionOf, displayZone } from "./display";
import { formatDate, formatNumber, formatTime, shownUnit, unitOf } from "./format";
import { penStyle } from "./pens";
import type { LineLook } from "./trend-line";
import { lineOf, type Conversion } from "./units";

export interface PenView {
  tag: string;
  /** Pens share an axis only if this is the same: what has another unit, or other states, never lies on one scale. */
  scale: string;
  /** Printed at the axis. */
  label: string;
  /** Held until the next point: switches and counts do not slope. */
  stepped: boolean;
  /** Words in place of numbers at the axis, by value. */
  words: Readonly<Record<string, string>> | null;
  /** From the tag's unit to the one that is shown. */
  conversion?: Conversion | null;
  /** Its place in the palette, from 0; undefined: the place that it has among the pens. */
  colour?: number;
  /** Limits of its axis in the unit that is shown; null: what is seen. */
  range?: readonly [number, number] | null;
}

const SWITCH = { "0": "Off", "1": "On" };

/** How a pen is drawn. A tag that is not known yet has an axis of its own, so that it never shares one by accident. */
export function penOf(name: string, tag: TagView | undefined): PenView {
  if (tag === undefined) return { tag: name, scale: `tag:${name}`, label: "", stepped: false, words: null };
  if (tag.type === "bool") return { tag: name, scale: "switch", label: "", stepped: true, words: SWITCH };
  if (tag.type === "enum") return { tag: name, scale: `tag:${name}`, label: name, stepped: true, words: tag.states };
  return { tag: name, scale: `unit:${shownUnit(tag)}`, label: unitOf(tag), stepped: tag.type === "int", words: null, conversion: conversionOf(tag) };
}

export type Scheme = "light" | "dark";

export const INK = {
  light: { text: "#565e65", grid: "#cfd2d4", mark: "#b3261e", field: "#f3f3f3", strong: "#1b2024" },
  dark: { text: "#a4adb4", grid: "#363d42", mark: "#ff8a80", field: "#272c30", strong: "#e1e4e6" },
};
export const FONT = '12px system-ui, "Segoe UI", "Liberation Sans", sans-serif';

/** Axis limits that reach all the values, with some air; a flat line lies in the middle. */
export function airy(reached: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...reached), Math.max(...reached)];
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (low === high) return [low - Math.max(Math.abs(low) * 0.05, 0.5), high + Math.max(Math.abs(high) * 0.05, 0.5)];
  const air = (high - low) * 0.08;
  return [low - air, high + air];
}

function timeLabels(_: uPlot, splits: number[], __: number, ___: number, step: number): string[] {
  let day = "";
  return splits.map((split) => {
    const time = formatTime(split);
    const text = step < 60 ? time : time.slice(0, 5);
    const date = formatDate(split);
    if (step < 3600 && day !== "") return text;
    const label = date === day || day === "" ? text : `${text}\n${date.slice(5)}`;
    day = date;
    return label;
  });
}

/** The digits behind the point that a step needs, such as two for 0.25. */
export const decimals = (step: number): number => [0, 1, 2, 3, 4, 5].find((digits) => Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) < 1e-6) ?? 6;

/** One pen of each scale, in the order of the pens. */
export function scalesOf(pens: readonly PenView[]): PenView[] {
  return pens.filter((pen, at) => pens.findIndex((one) => one.scale === pen.scale) === at);
}

/** From just below the lowest word to just above the highest, whatever is seen. */
function wordRange(words: Readonly<Record<string, string>>): [number, number] {
  const values = Object.keys(words).map(Number);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return Number.isFinite(low) ? [low - 0.1, high + 0.1] : [-0.1, 1.1];
}

const AXIS_PX = 58;

/** How many axes there is room for beside the lines. */
export const axesIn = (width: number): number => Math.max(1, Math.floor((width * 0.4) / AXIS_PX));

/** The colour of an axis that is of one pen alone. */
function axisInk(scale: string, pens: readonly PenView[], scheme: Scheme): string {
  const of = pens.flatMap((pen, at) => (pen.scale === scale ? [at] : []));
  return of.length === 1 && pens.length > 1 ? penStyle(pens[of[0] ?? 0]?.colour ?? of[0] ?? 0)[scheme] : INK[scheme].text;
}

function axes(pens: readonly PenView[], scheme: Scheme, compact: boolean, room: number): uPlot.Axis[] {
  const ink = INK[scheme];
  const scales = scalesOf(pens);
  const common = { stroke: ink.text, font: FONT, ticks: { stroke: ink.grid, width: 1, size: 4 }, gap: 4 };
  const values = scales.slice(0, compact ? 1 : room).map(
    ({ scale, label, words }, index): uPlot.Axis => ({
      ...common,
      stroke: axisInk(scale, pens, scheme),
      scale,
      side: index % 2 === 0 ? 3 : 1,
      size: words && words !== SWITCH ? 84 : compact ? 46 : AXIS_PX,
      grid: { show: index === 0, stroke: ink.grid, width: 1 },
      ...(words ? { incrs: [1, 2, 5, 10, 20, 50, 100] } : {}),
      values: (_, splits, __, ___, step) => splits.map((v) => (words ? (words[String(v)] ?? "") : formatNumber(v, decimals(step)))),
      ...(compact || label === "" ? {} : { label, labelSize: 16, labelFont: FONT, labelGap: 0 }),
    }),
  );
  return [{ ...common, scale: "x", size: compact ? 24 : 42, space: compact ? 70 : 90, grid: { stroke: ink.grid, width: 1 }, values: timeLabels }, ...values];
}

/** The line of a pen; later: seconds by which it is drawn later than it was, thin and pale then. */
export function lineLook(pen: PenView, at: number, look: { scheme: Scheme; compact: boolean; later?: number }): LineLook {
  const { scheme, compact, later = 0 } = look;
  const style = penStyle(pen.colour ?? at);
  const { slope, start } = pen.conversion ? lineOf(pen.conversion) : { slope: 1, start: 0 };
  const [colour, width] = later > 0 ? [`${style[scheme]}a0`, 0.75] : [style[scheme], compact ? 1.5 : style.width];
  return { colour, width, stepped: pen.stepped, slope, shift: start, later };
}

/** How the chart is to be. */
export interface Look {
  scheme: Scheme;
  compact?: boolean;
  /** Axes at most. */
  room?: number;
  /** What a scale must show. */
  reach: (scale: string) => readonly number[];
}

/** The chart library's options for these pens: their scales and axes. The lines themselves are drawn by us, so there is no series but the time. */
export function chartOptions(pens: readonly PenView[], look: Look): Omit<uPlot.Options, "width" | "height"> {
  const { scheme, compact = false, room = pens.length, reach } = look;
  const zone = displayZone();
  const scales: uPlot.Scales = { x: { time: true, auto: false } };
  for (const { scale, words, range } of pens) scales[scale] ??= { auto: true, range: () => (range ? [...range] : words ? wordRange(words) : airy(reach(scale))) };
  return {
    scales,
    series: [{}],
    axes: axes(pens, scheme, compact, room),
    legend: { show: false },
    // Ticks at whole hours of the zone that is shown.
    ...(zone === "" ? {} : { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), zone) }),
    cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false } },
    padding: [8, compact ? 8 : null, 0, null],
  };
}
