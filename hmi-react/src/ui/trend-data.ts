/** The points of one trend pen: history in buckets, continued by live samples, with gaps where quality was bad. */
import type { BucketSeries, Value } from "@/api/types";
import type { Live } from "@/live/tag-store";
import { isBad } from "./quality";
import { lineOf, type Conversion } from "./units";

/** A number is drawn, null breaks the line, undefined is no point at all. */
export type Point = number | null | undefined;

export interface PenPoints {
  time: number[];
  value: Point[];
  min: Point[];
  max: Point[];
}

/** The points in the unit that is shown. */
export function shownPoints(points: PenPoints, conversion: Conversion | null | undefined): PenPoints {
  if (!conversion) return points;
  const { slope, start } = lineOf(conversion);
  const shown = (point: Point): Point => (typeof point === "number" ? point * slope + start : point);
  return { time: points.time, value: points.value.map(shown), min: points.min.map(shown), max: points.max.map(shown) };
}

/** A value as a height in the chart; words have none. */
export function heightOf(value: Value): number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Collects one pen's points; live samples closer than the resolution share one point with their extremes. */
export class PenData {
  private history: PenPoints = { time: [], value: [], min: [], max: [] };
  private live: PenPoints = { time: [], value: [], min: [], max: [] };
  private bucketStart = -Infinity;

  constructor(readonly tag: string) {}

  /** Points that live samples added since the history was read. */
  get livePoints(): number {
    return this.live.time.length;
  }

  /** Take the runtime's buckets; live points that they already cover go. */
  setHistory(series: BucketSeries): void {
    const points: PenPoints = { time: [], value: [], min: [], max: [] };
    for (let i = 0; i < series.time.length; i += 1) {
      const time = series.time[i];
      if (time === undefined) continue;
      const bad = isBad(series.quality[i] ?? 0);
      const mean = series.mean[i] ?? null;
      if (!bad && mean === null) continue;
      points.time.push(time);
      points.value.push(bad ? null : mean);
      points.min.push(bad ? null : (series.min[i] ?? mean));
      points.max.push(bad ? null : (series.max[i] ?? mean));
    }
    this.history = points;
    this.dropLive(points.time.at(-1) ?? -Infinity);
  }

  /** Continue with a sample that just came; an older one than the last is not drawn. */
  add(sample: Live, resolution: number): void {
    const time = sample.sourceTime ?? sample.serverTime;
    if (time === null) return;
    const last = this.live.time.at(-1) ?? this.history.time.at(-1) ?? -Infinity;
    if (time < last) return;
    const height = isBad(sample.quality) ? null : heightOf(sample.value);
    const n = this.live.time.length - 1;
    const before = this.live.value[n];
    if (n >= 0 && time - this.bucketStart < resolution && typeof before === "number" && height !== null) {
      this.live.time[n] = time;
      this.live.value[n] = height;
      this.live.min[n] = Math.min(this.live.min[n] ?? height, height);
      this.live.max[n] = Math.max(this.live.max[n] ?? height, height);
      return;
    }
    this.bucketStart = time;
    this.live.time.push(time);
    this.live.value.push(height);
    this.live.min.push(height);
    this.live.max.push(height);
  }

  /** All points within the span plus one on either side, in order; the last good value is drawn on to `now`. */
  points(start: number, end: number, now: number | null): PenPoints {
    const all: PenPoints = {
      time: this.history.time.concat(this.live.time),
      value: this.history.value.concat(this.live.value),
      min: this.history.min.concat(this.live.min),
      max: this.history.max.concat(this.live.max),
    };
    const last = all.time.length - 1;
    const lastTime = all.time[last];
    if (now !== null && lastTime !== undefined && now > lastTime && all.value[last] !== null) {
      all.time.push(now);
      for (const key of ["value", "min", "max"] as const) all[key].push(all.value[last]);
    }
    return cut(all, start, end);
  }

  /** Forget live points before the span, so that a long shift keeps memory flat. */
  trim(start: number): void {
    const first = this.live.time.findIndex((time) => time >= start);
    if (first > 1) this.removeLive(first - 1);
  }

  private dropLive(upTo: number): void {
    const first = this.live.time.findIndex((time) => time > upTo);
    this.removeLive(first === -1 ? this.live.time.length : first);
  }

  private removeLive(count: number): void {
    for (const key of ["time", "value", "min", "max"] as const) this.live[key].splice(0, count);
  }
}

function cut(points: PenPoints, start: number, end: number): PenPoints {
  let from = points.time.findIndex((time) => time >= start);
  if (from === -1) from = points.time.length;
  let to = points.time.length;
  while (to > from && (points.time[to - 1] ?? 0) > end) to -= 1;
  const low = Math.max(0, from - 1);
  const high = Math.min(points.time.length, to + 1);
  return {
    time: points.time.slice(low, high),
    value: points.value.slice(low, high),
    min: points.min.slice(low, high),
    max: points.max.slice(low, high),
  };
}

export const NO_POINTS: PenPoints = { time: [], value: [], min: [], max: [] };

/** A value that has not changed within the whole span: level from when it was taken, or from the span's start. */
export function heldPoints(sample: Live, start: number, end: number): PenPoints {
  const height = isBad(sample.quality) ? null : heightOf(sample.value);
  const taken = sample.sourceTime ?? sample.serverTime ?? end;
  if (height === null || taken >= end) return NO_POINTS;
  const level = [height, height];
  return { time: [Math.max(start, taken), end], value: level, min: level, max: level };
}

/** Several pens on one time axis: [times, then value, min, max of each pen]; undefined where a pen has no point. */
export function align(pens: readonly PenPoints[]): [number[], ...Point[][]] {
  const times = [...new Set(pens.flatMap((pen) => pen.time))].sort((a, b) => a - b);
  const rows: Point[][] = [];
  for (const pen of pens) {
    const columns = [pen.value, pen.min, pen.max].map((from) => ({ from, to: Array.from<Point>({ length: times.length }) }));
    let at = 0;
    for (let i = 0; i < times.length; i += 1) {
      // Equal times may repeat in one pen (a bucket's end and a live sample): the newest counts.
      while (at < pen.time.length && pen.time[at] === times[i]) {
        for (const column of columns) column.to[i] = column.from[at];
        at += 1;
      }
    }
    rows.push(...columns.map((column) => column.to));
  }
  return [times, ...rows];
}

/** The value that a pen shows at a time: the last point at or before it. */
export function valueAt(times: readonly number[], values: readonly Point[], index: number): number | null {
  for (let i = Math.min(index, times.length - 1); i >= 0; i -= 1) {
    const value = values[i];
    if (value === null) return null;
    if (value !== undefined) return value;
  }
  return null;
}
