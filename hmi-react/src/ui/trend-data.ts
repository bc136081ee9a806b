/** The points of one trend pen: the record, continued by live samples, with gaps where nothing is known. */
import type { PlotSeries } from "@/api/history";
import type { Value } from "@/api/types";
import type { Live } from "@/live/tag-store";
import { isBad, severityOf } from "./quality";
import { Columns, NO_POINTS, pointsOf, type PenPoints } from "./trend-points";

/** A value as a height in the chart; words have none. */
export function heightOf(value: Value): number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** The same as columns keep it. */
const kept = (value: Value, quality: number): number => (isBad(quality) ? Number.NaN : (heightOf(value) ?? Number.NaN));
const isSure = (quality: number): boolean => severityOf(quality) === "GOOD";

/** Points of one bucket of live samples that are kept: the first, least, greatest and last. */
const KEPT = 4;
/** So many live points are kept at most; the oldest go first. They are read again from the record before there are so many. */
export const LIVE_MOST = 8_000;

/** Collects one pen's points; of live samples closer than the resolution only the extremes are kept. */
export class PenData {
  private columns = new Columns();
  /** Number of the first point that is live. */
  private liveFrom = 0;
  private bucket = { time: -Infinity, from: 0 };
  private edition = 0;

  constructor(readonly tag: string) {}

  /** Points that live samples added since the history was read. */
  get livePoints(): number {
    return this.columns.next - Math.max(this.liveFrom, this.columns.first);
  }

  /** Take what the runtime has recorded; live points that it covers go. */
  setHistory(series: PlotSeries): void {
    const before = this.columns;
    const tail = before.next - this.bucket.from;
    const uncovered = Math.max(this.liveFrom, before.numberAt(series.time.at(-1) ?? -Infinity, true));
    const points = new Columns();
    series.time.forEach((time, at) => {
      const quality = series.quality[at] ?? 0;
      points.push(time, kept(series.value[at] ?? null, quality), isSure(quality));
    });
    this.liveFrom = points.next;
    for (let number = uncovered; number < before.next; number += 1) {
      points.push(before.timeOf(number) as number, before.valueOf(number) as number, before.isSure(number));
    }
    this.columns = points;
    this.bucket.from = Math.max(this.liveFrom, points.next - tail);
    this.edition += 1;
  }

  /** Forget all live points. */
  forgetLive(): void {
    this.columns.truncate(this.liveFrom);
    this.bucket = { time: -Infinity, from: this.columns.next };
    this.edition += 1;
  }

  /** Continue with a sample that just came; an older one than the last is not drawn, nor is the same once more. */
  add(sample: Live, resolution: number): void {
    const time = sample.sourceTime ?? sample.serverTime;
    if (time === null) return;
    const { columns: points } = this;
    const last = points.next - 1;
    const before = points.timeOf(last) ?? -Infinity;
    const [height, sure] = [kept(sample.value, sample.quality), isSure(sample.quality)];
    if (time < before || (time === before && Object.is(height, points.valueOf(last)) && sure === points.isSure(last))) return;
    const broken = Number.isNaN(height) || (last >= this.liveFrom && Number.isNaN(points.valueOf(last)));
    if (time - this.bucket.time >= resolution || broken) this.bucket = { time, from: points.next };
    points.push(time, height, sure);
    if (points.next - this.bucket.from > KEPT) thin(points, this.bucket.from);
    if (this.livePoints > LIVE_MOST) points.drop(points.next - LIVE_MOST - points.first);
  }

  /** All points within the span plus one on either side, in order; the last value is drawn on to `now`. */
  points(start: number, end: number, now: number | null): PenPoints {
    const { columns: points, edition } = this;
    const last = points.next - 1;
    const [time, value] = [points.timeOf(last), points.valueOf(last)];
    const on = now !== null && time !== undefined && now > time && !Number.isNaN(value) ? now : null;
    const low = Math.max(points.first, points.numberAt(start) - 1);
    const high = Math.max(low, Math.min(points.next, points.numberAt(end) + 1));
    return { ...points.view(low, high, on), settled: Math.min(this.bucket.from, last), edition };
  }

  /** Forget points before the span but for the one that holds at its start, so that a long shift keeps memory flat. */
  trim(start: number): void {
    const second = this.columns.timeOf(this.columns.first + 1);
    if (second !== undefined && second < start) this.columns.drop(this.columns.numberAt(start) - 1 - this.columns.first);
  }
}

/** Take out one of the points from a number on that is neither the first, the last, the least nor the greatest. */
function thin(points: Columns, from: number): void {
  const heights = Array.from({ length: points.next - from }, (_, at) => points.valueOf(from + at) as number);
  const [least, greatest] = [heights.indexOf(Math.min(...heights)), heights.indexOf(Math.max(...heights))];
  const spare = heights.findIndex((_, at) => at > 0 && at < heights.length - 1 && at !== least && at !== greatest);
  if (spare !== -1) points.remove(from + spare);
}

/** A value that has not changed within the whole span: level from when it was taken, or from the span's start. */
export function heldPoints(sample: Live, start: number, end: number): PenPoints {
  const height = isBad(sample.quality) ? null : heightOf(sample.value);
  const taken = sample.sourceTime ?? sample.serverTime ?? end;
  if (height === null || taken >= end) return NO_POINTS;
  const sure = isSure(sample.quality);
  return pointsOf([Math.max(start, taken), end], [height, height], [sure, sure]);
}
