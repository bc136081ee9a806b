/** Points of a trend in columns that grow at the end and lose their beginning, and what is read from them. */

/** A stretch of a pen's points, in order of time. It shows the columns themselves and holds until they next change. */
export interface PenPoints {
  /** POSIX seconds. */
  readonly time: Float64Array;
  /** NaN: not known from there on until the next point. */
  readonly value: Float64Array;
  /** 0 where the value is uncertain. */
  readonly sure: Uint8Array;
  /** Number of the first point here; the points of a pen are counted from its first one on. */
  readonly first: number;
  /** Points up to this number stay as they are; later ones may still change. */
  readonly settled: number;
  /** Another one when the points before that were replaced. */
  readonly edition: number;
}

/** Points that are not of a pen's columns and may all be others the next time. */
export function pointsOf(time: readonly number[], value: readonly number[], sure: readonly boolean[]): PenPoints {
  return { time: Float64Array.from(time), value: Float64Array.from(value), sure: Uint8Array.from(sure, Number), first: 0, settled: 0, edition: -1 };
}

export const NO_POINTS: PenPoints = pointsOf([], [], []);

/** The first index whose time is at or after the one given, or after it if `after` is set. */
export function indexAt(times: ArrayLike<number>, time: number, after = false): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = times[middle] as number;
    if (at < time || (after && at === time)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a pen shows at a time: the last point at or before it; null if it is not known, or beyond the last point. */
export function valueAt(points: PenPoints, time: number): number | null {
  const at = indexAt(points.time, time, true) - 1;
  const value = points.value[at];
  if (value === undefined || Number.isNaN(value)) return null;
  return at === points.time.length - 1 && points.time[at] !== time ? null : value;
}

/** The least and the greatest value within a span, with what the lines reach at its edges; null if nothing is known there. */
export function extremes({ time, value }: PenPoints, start: number, end: number, stepped: boolean): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  const reach = (height: number): void => {
    if (height < low) low = height;
    if (height > high) high = height;
  };
  /** Where the line from the point crosses an edge of the span; it is level before an unknown one. */
  const crossing = (at: number, edge: number): void => {
    const [from, to, before, after] = [time[at], time[at + 1], value[at], value[at + 1]];
    if (from === undefined || to === undefined || before === undefined || from >= edge || to <= edge) return;
    reach(stepped || Number.isNaN(after) ? before : before + (((after as number) - before) * (edge - from)) / (to - from));
  };
  const [first, last] = [indexAt(time, start), indexAt(time, end, true)];
  for (let at = first; at < last; at += 1) reach(value[at] as number);
  crossing(first - 1, start);
  crossing(last - 1, end);
  return low <= high ? [low, high] : null;
}

/** Places of new columns. */
const LEAST = 256;

/** Columns of points. Views of them stay good while points are added: what is full is left to them and copied on. */
export class Columns {
  private time = new Float64Array(LEAST);
  private value = new Float64Array(LEAST);
  private sure = new Uint8Array(LEAST);
  private from = 0;
  private to = 0;
  /** Number of the first point that is kept. */
  first = 0;

  get length(): number {
    return this.to - this.from;
  }

  /** Number of the point that comes next. */
  get next(): number {
    return this.first + this.length;
  }

  /** Time of the point of a number; undefined if it is not kept. */
  timeOf(number: number): number | undefined {
    return number < this.first || number >= this.next ? undefined : this.time[this.from + number - this.first];
  }

  valueOf(number: number): number | undefined {
    return number < this.first || number >= this.next ? undefined : this.value[this.from + number - this.first];
  }

  isSure(number: number): boolean {
    return this.sure[this.from + number - this.first] === 1;
  }

  push(time: number, value: number, sure: boolean): void {
    // One place more than points: the last value may be drawn on.
    if (this.to + 1 >= this.time.length) this.renew();
    this.put(time, value, sure);
    this.to += 1;
  }

  /** Take out the point of a number; those after it move up. */
  remove(number: number): void {
    const at = this.from + number - this.first;
    for (const column of [this.time, this.value, this.sure]) column.copyWithin(at, at + 1, this.to);
    this.to -= 1;
  }

  /** Forget so many of the first points. */
  drop(count: number): void {
    const gone = Math.min(count, this.length);
    this.from += gone;
    this.first += gone;
  }

  /** Forget the points from a number on. */
  truncate(number: number): void {
    this.to = Math.max(this.from, Math.min(this.to, this.from + number - this.first));
  }

  /** Number of the first point at or after a time, or after it if `after` is set. */
  numberAt(time: number, after = false): number {
    return this.first + indexAt(this.time.subarray(this.from, this.to), time, after);
  }

  /** The points from a number up to another; drawn on up to `now` if the last one is among them. */
  view(low: number, high: number, now: number | null): Pick<PenPoints, "time" | "value" | "sure" | "first"> {
    const [from, to] = [this.from + low - this.first, this.from + high - this.first];
    const on = now !== null && high === this.next && high > low;
    if (on) this.put(now, this.value[to - 1] as number, this.sure[to - 1] === 1);
    const [a, b] = [from, on ? to + 1 : to];
    return { time: this.time.subarray(a, b), value: this.value.subarray(a, b), sure: this.sure.subarray(a, b), first: low };
  }

  private put(time: number, value: number, sure: boolean): void {
    this.time[this.to] = time;
    this.value[this.to] = value;
    this.sure[this.to] = sure ? 1 : 0;
  }

  /** Go on in columns of twice the size of what is kept. */
  private renew(): void {
    const size = Math.max(LEAST, this.length * 2);
    const [time, value, sure] = [new Float64Array(size), new Float64Array(size), new Uint8Array(size)];
    time.set(this.time.subarray(this.from, this.to));
    value.set(this.value.subarray(this.from, this.to));
    sure.set(this.sure.subarray(this.from, this.to));
    [this.time, this.value, this.sure] = [time, value, sure];
    [this.from, this.to] = [0, this.length];
  }
}
