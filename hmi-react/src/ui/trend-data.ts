/** The points of one trend pen: the record, continued by live samples, with gaps where nothing is known. */
import type { PlotSeries } from "@/api/history";
import type { Value } from "@/api/types";
import type { Live } from "@/live/tag-store";
import { isBad, severityOf } from "./quality";
import { lineOf, type Conversion } from "./units";

/** A number is drawn, null breaks the line, undefined is no point at all. */
export type Point = number | null | undefined;

export interface PenPoints {
  time: number[];
  /** null from there on until the next point: not known. */
  value: (number | null)[];
  /** False where the value is uncertain. */
  sure: boolean[];
}

const none = (): PenPoints => ({ time: [], value: [], sure: [] });
export const NO_POINTS: PenPoints = none();

/** The points in the unit that is shown. */
export function shownPoints(points: PenPoints, conversion: Conversion | null | undefined): PenPoints {
  if (!conversion) return points;
  const { slope, start } = lineOf(conversion);
  return { ...points, value: points.value.map((value) => (value === null ? null : value * slope + start)) };
}

/** The points as they are to be seen so much later, such as those of yesterday today. */
export const shifted = (points: PenPoints, seconds: number): PenPoints => ({ ...points, time: points.time.map((time) => time + seconds) });

/** A value as a height in the chart; words have none. */
export function heightOf(value: Value): number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function push(to: PenPoints, time: number, value: number | null, sure: boolean): void {
  to.time.push(time);
  to.value.push(value);
  to.sure.push(sure);
}

function splice(points: PenPoints, from: number, count: number): void {
  points.time.splice(from, count);
  points.value.splice(from, count);
  points.sure.splice(from, count);
}

const part = (points: PenPoints, low: number, high: number): PenPoints => ({
  time: points.time.slice(low, high),
  value: points.value.slice(low, high),
  sure: points.sure.slice(low, high),
});

/** Points of one bucket of live samples that are kept: the first, least, greatest and last. */
const KEPT = 4;

/** Collects one pen's points; of live samples closer than the resolution only the extremes are kept. */
export class PenData {
  private history = none();
  private live = none();
  private bucket = { time: -Infinity, from: 0 };

  constructor(readonly tag: string) {}

  /** Points that live samples added since the history was read. */
  get livePoints(): number {
    return this.live.time.length;
  }

  /** Take what the runtime has recorded; live points that it covers go. */
  setHistory(series: PlotSeries): void {
    const points = none();
    series.time.forEach((time, at) => {
      const quality = series.quality[at] ?? 0;
      push(points, time, isBad(quality) ? null : heightOf(series.value[at] ?? null), severityOf(quality) === "GOOD");
    });
    this.history = points;
    this.forget(points.time.at(-1) ?? -Infinity);
  }

  /** Forget live points up to a time. */
  forget(upTo: number): void {
    const first = this.live.time.findIndex((time) => time > upTo);
    this.dropLive(first === -1 ? this.live.time.length : first);
  }

  /** Continue with a sample that just came; an older one than the last is not drawn. */
  add(sample: Live, resolution: number): void {
    const time = sample.sourceTime ?? sample.serverTime;
    if (time === null) return;
    if (time < (this.live.time.at(-1) ?? this.history.time.at(-1) ?? -Infinity)) return;
    const height = isBad(sample.quality) ? null : heightOf(sample.value);
    const before = this.live.value.at(-1);
    if (time - this.bucket.time >= resolution || height === null || before === null) this.bucket = { time, from: this.live.time.length };
    push(this.live, time, height, severityOf(sample.quality) === "GOOD");
    if (this.live.time.length - this.bucket.from > KEPT) thin(this.live, this.bucket.from);
  }

  /** All points within the span plus one on either side, in order; the last value is drawn on to `now`. */
  points(start: number, end: number, now: number | null): PenPoints {
    const all: PenPoints = {
      time: this.history.time.concat(this.live.time),
      value: this.history.value.concat(this.live.value),
      sure: this.history.sure.concat(this.live.sure),
    };
    const last = all.time.length - 1;
    const [time, value] = [all.time[last], all.value[last]];
    if (now !== null && time !== undefined && now > time && typeof value === "number") push(all, now, value, all.sure[last] ?? true);
    return cut(all, start, end);
  }

  /** Forget live points before the span, so that a long shift keeps memory flat. */
  trim(start: number): void {
    const first = this.live.time.findIndex((time) => time >= start);
    if (first > 1) this.dropLive(first - 1);
  }

  private dropLive(count: number): void {
    splice(this.live, 0, count);
    this.bucket.from = Math.max(0, this.bucket.from - count);
  }
}

/** Take out one of the points from an index on that is neither the first, the last, the least nor the greatest. */
function thin(points: PenPoints, from: number): void {
  const heights = points.value.slice(from).map(Number);
  const kept = new Set([0, heights.length - 1, heights.indexOf(Math.min(...heights)), heights.indexOf(Math.max(...heights))]);
  const spare = heights.findIndex((_, at) => !kept.has(at));
  if (spare !== -1) splice(points, from + spare, 1);
}

/** The first index whose time is at or after the one given. */
export function indexAt(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cut(points: PenPoints, start: number, end: number): PenPoints {
  return part(points, Math.max(0, indexAt(points.time, start) - 1), indexAt(points.time, end) + 1);
}

/** A value that has not changed within the whole span: level from when it was taken, or from the span's start. */
export function heldPoints(sample: Live, start: number, end: number): PenPoints {
  const height = isBad(sample.quality) ? null : heightOf(sample.value);
  const taken = sample.sourceTime ?? sample.serverTime ?? end;
  if (height === null || taken >= end) return NO_POINTS;
  const sure = severityOf(sample.quality) === "GOOD";
  return { time: [Math.max(start, taken), end], value: [height, height], sure: [sure, sure] };
}

/** What a pen shows at a time: the last point at or before it; null if it is not known, or beyond the last point. */
export function valueAt(points: PenPoints, time: number): number | null {
  const at = indexAt(points.time, time);
  if (points.time[at] === time) return points.value[at] ?? null;
  return at === points.time.length ? null : (points.value[at - 1] ?? null);
}

/** A line to draw: where it is certain, and where it is not. */
export interface Line {
  time: number[];
  sure: Point[];
  unsure: Point[];
}

/** Shorter than any two samples are apart. */
const INSTANT = 1e-6;

/**
 * The line through the points, in two parts that meet. A value holds until the break after it, and is uncertain meanwhile unless the
 * pen is stepped; what lies between two samples of a sloping pen is uncertain if one of them is.
 */
export function lineThrough(points: PenPoints, stepped: boolean): Line {
  const line: Line = { time: [], sure: [], unsure: [] };
  const add = (time: number, sure: Point, unsure: Point): void => {
    line.time.push(time);
    line.sure.push(sure);
    line.unsure.push(unsure);
  };
  /** Whether what follows the point up to the next one is certain; null: there is nothing to draw. */
  const after = (at: number): boolean | null => {
    if (at < 0 || at + 1 >= points.time.length || points.value[at] === null) return null;
    if (stepped) return points.sure[at] ?? true;
    return points.value[at + 1] !== null && points.sure[at] === true && points.sure[at + 1] === true;
  };
  points.time.forEach((time, at) => {
    const value = points.value[at] ?? null;
    const [left, right] = [after(at - 1), after(at)];
    const held = points.value[at - 1] ?? null;
    if (value === null) {
      if (held !== null) add(time - INSTANT, left === true ? held : null, left === false ? held : null);
      return add(time, null, null);
    }
    if (stepped && left !== null && right !== null && left !== right) add(time - INSTANT, left ? held : null, left ? null : held);
    const alone = left === null && right === null;
    const joins = stepped ? [right] : [left, right];
    const end = stepped && right === null;
    add(time, alone || joins.includes(true) || (end && left === true) ? value : null, joins.includes(false) || (end && left === false) ? value : null);
  });
  return line;
}

/** Several lines on one time axis: [times, then each column of each line]; undefined where a line has no point. */
export function align(lines: readonly Line[]): [number[], ...Point[][]] {
  const times = [...new Set(lines.flatMap((line) => line.time))].sort((a, b) => a - b);
  const rows: Point[][] = [];
  for (const line of lines) {
    const columns = [line.sure, line.unsure].map((from) => ({ from, to: Array.from<Point>({ length: times.length }) }));
    let at = 0;
    for (let i = 0; i < times.length; i += 1) {
      // Equal times may repeat in one pen (a recorded and a live sample): the newest counts.
      while (at < line.time.length && line.time[at] === times[i]) {
        for (const column of columns) column.to[i] = column.from[at];
        at += 1;
      }
    }
    rows.push(...columns.map((column) => column.to));
  }
  return [times, ...rows];
}
