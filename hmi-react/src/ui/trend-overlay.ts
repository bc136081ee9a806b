/** What lies over the lines of a trend: limits of alarms, the times in which they were active, fixed cursors, numbers of the pens. */
import type uPlot from "uplot";
import type { Occurrence } from "@/api/alarm-history";
import { FONT, INK, type PenView, type Scheme } from "./trend-options";
import { penStyle } from "./pens";
import type { Note } from "./trend-notes";
import { lineOf, type Conversion } from "./units";

/** In the unit that is shown. */
export interface LimitLine {
  pen: number;
  label: string;
  value: number;
}

/** end: null while it goes on. */
export interface AlarmPeriod {
  tag: string;
  alarm: string;
  priority: number;
  start: number;
  end: number | null;
}

/** Two instants that are compared. */
export interface FixedCursors {
  a: number;
  b: number;
}

export interface Overlay {
  limits: readonly LimitLine[];
  periods: readonly AlarmPeriod[];
  cursors: FixedCursors | null;
  notes?: readonly Note[];
  /** Of which note the text is shown, if not of that under the pointer. */
  openNote?: number | null;
}

const PRIORITY: Record<Scheme, readonly string[]> = {
  light: ["#cf1f2b", "#e06c00", "#f0c000", "#8e44ad", "#6f7a83"],
  dark: ["#ef4350", "#f58a2b", "#f5cd2e", "#b57ad0", "#8d98a1"],
};

interface Limited {
  name: string;
  value: number;
}

/** The limits of a pen's alarms, with the part of their names that is not the tag's. */
export function limitLines(pen: number, tag: string, limits: readonly Limited[], conversion: Conversion | null | undefined): LimitLine[] {
  const line = conversion ? lineOf(conversion) : { slope: 1, start: 0 };
  return limits.map(({ name, value }) => ({
    pen,
    label: name.startsWith(`${tag}.`) ? name.slice(tag.length + 1) : name,
    value: value * line.slope + line.start,
  }));
}

/** When the conditions of alarms held, as far as it lies within a span; joined where an alarm was active without a break. */
export function periodsOf(occurrences: readonly Occurrence[], start: number, end: number): AlarmPeriod[] {
  const found: AlarmPeriod[] = [];
  for (const one of [...occurrences].sort((a, b) => a.raised - b.raised)) {
    const over = one.returned ?? one.closed;
    if (one.raised >= end || (over !== null && over <= start)) continue;
    const before = found.findLast((period) => period.alarm === one.alarm);
    if (before && (before.end === null || before.end >= one.raised)) {
      before.end = before.end === null || over === null ? null : Math.max(before.end, over);
      continue;
    }
    found.push({ tag: one.tag, alarm: one.alarm, priority: one.priority ?? 5, start: one.raised, end: over });
  }
  return found;
}

/** The values that the axis of a scale must reach. */
export const overlayReach = (overlay: Overlay | null, pens: readonly PenView[], scale: string): number[] =>
  (overlay?.limits ?? []).flatMap(({ pen, value }) => (pens[pen]?.scale === scale ? [value] : []));

const LANE = 5;

export interface Scene {
  plot: uPlot;
  pens: readonly PenView[];
  scheme: Scheme;
  now: number;
}

/** Draw within the axes only. */
export function inside(plot: uPlot, draw: (ctx: CanvasRenderingContext2D, ratio: number) => void): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx, window.devicePixelRatio);
  ctx.restore();
}

/** Bands of the alarms, under the lines: pale over the whole height, and strong in a lane of its pen at the top. */
export function drawPeriods({ plot, pens, scheme, now }: Scene, periods: readonly AlarmPeriod[]): void {
  const lanes = pens.filter((pen) => periods.some((period) => period.tag === pen.tag)).map((pen) => pen.tag);
  const { top, height } = plot.bbox;
  inside(plot, (ctx, ratio) => {
    for (const { tag, priority, start, end } of periods) {
      const lane = lanes.indexOf(tag);
      if (lane === -1) continue;
      const left = plot.valToPos(start, "x", true);
      const width = Math.max(2 * ratio, plot.valToPos(end ?? now, "x", true) - left);
      const colour = PRIORITY[scheme][priority - 1] ?? INK[scheme].text;
      ctx.fillStyle = `${colour}1c`;
      ctx.fillRect(left, top, width, height);
      ctx.fillStyle = colour;
      ctx.fillRect(left, top + lane * (LANE + 1) * ratio, width, LANE * ratio);
    }
  });
}

/** Limits as thin lines in the colour of their pen, with their names. */
export function drawLimits({ plot, pens, scheme }: Scene, limits: readonly LimitLine[]): void {
  const { left, width } = plot.bbox;
  inside(plot, (ctx, ratio) => {
    ctx.lineWidth = ratio;
    ctx.setLineDash([10 * ratio, 3 * ratio, 2 * ratio, 3 * ratio]);
    ctx.font = scaled(ratio);
    ctx.textAlign = "left";
    ctx.textBaseline = "bottom";
    for (const { pen, label, value } of limits) {
      const scale = pens[pen]?.scale;
      if (scale === undefined) continue;
      const y = plot.valToPos(value, scale, true);
      const colour = penStyle(pens[pen]?.colour ?? pen)[scheme];
      ctx.strokeStyle = colour;
      ctx.fillStyle = colour;
      ctx.beginPath();
      ctx.moveTo(left, y);
      ctx.lineTo(left + width, y);
      ctx.stroke();
      ctx.fillText(`${pen + 1} ${label}`, left + 4 * ratio, y - 1);
    }
  });
}

/** The two fixed cursors, with their letters. */
export function drawCursors({ plot, scheme }: Scene, cursors: FixedCursors): void {
  const { top, height } = plot.bbox;
  inside(plot, (ctx, ratio) => {
    ctx.font = `bold ${scaled(ratio)}`;
    ctx.textBaseline = "bottom";
    for (const [letter, time] of [["A", cursors.a], ["B", cursors.b]] as const) {
      const x = plot.valToPos(time, "x", true);
      ctx.strokeStyle = INK[scheme].strong;
      ctx.fillStyle = INK[scheme].strong;
      ctx.lineWidth = 1.5 * ratio;
      ctx.beginPath();
      ctx.moveTo(x, top);
      ctx.lineTo(x, top + height);
      ctx.stroke();
      ctx.fillText(letter, x + 4 * ratio, top + height - 2 * ratio);
    }
  });
}

/** Where a line ends, in the unit that is shown. */
export interface LineEnd {
  time: number;
  value: number;
}

/** The number of each pen at the end of its line, where several must be told apart; null: it has no end within the span. */
export function drawNumbers({ plot, pens, scheme }: Scene, ends: readonly (LineEnd | null)[]): void {
  if (pens.length < 2) return;
  inside(plot, (ctx, ratio) => {
    ctx.font = `bold ${scaled(ratio)}`;
    ctx.textAlign = "right";
    ctx.textBaseline = "bottom";
    pens.forEach((pen, at) => {
      const end = ends[at];
      if (!end) return;
      ctx.fillStyle = penStyle(pen.colour ?? at)[scheme];
      ctx.fillText(String(at + 1), plot.valToPos(end.time, "x", true) - (2 + (at % 4) * 12) * ratio, plot.valToPos(end.value, pen.scale, true) - 2 * ratio);
    });
  });
}

const scaled = (ratio: number): string => FONT.replace("12px", `${12 * ratio}px`);
