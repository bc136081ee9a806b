import { describe, expect, it } from "vitest";
import type { PlotSeries } from "@/api/history";
import { randomFrom } from "@/testing/random";
import { GOOD, NOT_CONNECTED, UNCERTAIN } from "@/testing/samples";
import { heldPoints, LIVE_MOST, PenData } from "./trend-data";
import type { PenPoints } from "./trend-points";

const live = (time: number, value: number | boolean, quality = GOOD) => ({ value, quality, sourceTime: time, serverTime: time });

function history(points: [time: number, value: number | boolean | null, quality?: number][]): PlotSeries {
  return { tag: "A", time: points.map((point) => point[0]), value: points.map((point) => point[1]), quality: points.map((point) => point[2] ?? GOOD) };
}

/** The points as they are seen: null where nothing is known. */
const seen = ({ time, value, sure }: PenPoints) => ({
  time: [...time],
  value: [...value].map((one) => (Number.isNaN(one) ? null : one)),
  sure: [...sure].map(Boolean),
});

describe("one pen", () => {
  it("continues history with live samples", () => {
    const pen = new PenData("A");
    pen.setHistory(history([[10, 1], [20, 2]]));
    pen.add(live(30, 3), 1);
    expect(seen(pen.points(0, 100, null))).toEqual({ time: [10, 20, 30], value: [1, 2, 3], sure: [true, true, true] });
  });

  it("knows nothing where quality was bad, in history and live", () => {
    const pen = new PenData("A");
    pen.setHistory(history([[10, 1], [20, null, NOT_CONNECTED]]));
    pen.add(live(30, 3), 1);
    pen.add(live(40, 3, NOT_CONNECTED), 1);
    expect(seen(pen.points(0, 100, null)).value).toEqual([1, null, 3, null]);
  });

  it("tells what is uncertain, in history and live", () => {
    const pen = new PenData("A");
    pen.setHistory(history([[10, 1], [20, 2, UNCERTAIN]]));
    pen.add(live(30, 3, UNCERTAIN), 1);
    expect(seen(pen.points(0, 100, null)).sure).toEqual([true, false, false]);
  });

  it("drops live points that newly read history covers, and keeps the rest", () => {
    const pen = new PenData("A");
    for (const time of [10, 20, 30]) pen.add(live(time, time), 1);
    pen.setHistory(history([[5, 5], [20, 20]]));
    expect(seen(pen.points(0, 100, null)).time).toEqual([5, 20, 30]);
  });

  it("keeps of samples closer than the resolution the first, least, greatest and last", () => {
    const pen = new PenData("A");
    for (const [time, value] of [[10, 5], [10.1, 6], [10.2, 9], [10.3, 4], [10.4, 1], [10.5, 3], [11.1, 4]] as const) pen.add(live(time, value), 1);
    expect(seen(pen.points(0, 100, null))).toMatchObject({ time: [10, 10.2, 10.4, 10.5, 11.1], value: [5, 9, 1, 3, 4] });
  });

  it("keeps a short break among close samples", () => {
    const pen = new PenData("A");
    for (const [time, quality] of [[10, GOOD], [10.1, NOT_CONNECTED], [10.2, GOOD]] as const) pen.add(live(time, 1, quality), 1);
    expect(seen(pen.points(0, 100, null)).value).toEqual([1, null, 1]);
  });

  it("ignores a sample that is older than the last point", () => {
    const pen = new PenData("A");
    pen.add(live(20, 2), 1);
    pen.add(live(10, 1), 1);
    expect(seen(pen.points(0, 100, null)).time).toEqual([20]);
  });

  it("draws the last value on to now, but not a bad one", () => {
    const pen = new PenData("A");
    pen.add(live(10, 7), 1);
    expect(seen(pen.points(0, 100, 50))).toMatchObject({ time: [10, 50], value: [7, 7] });
    pen.add(live(20, 7, NOT_CONNECTED), 1);
    expect(seen(pen.points(0, 100, 50)).time).toEqual([10, 20]);
  });

  it("keeps one point on either side of the span, so that lines reach its edges", () => {
    const pen = new PenData("A");
    pen.setHistory(history([[10, 1], [20, 2], [30, 3], [40, 4], [50, 5]]));
    expect(seen(pen.points(25, 35, null)).time).toEqual([20, 30, 40]);
  });

  it("forgets what has left the span", () => {
    const pen = new PenData("A");
    for (let time = 0; time < 100; time += 1) pen.add(live(time, time), 0.5);
    pen.trim(90);
    expect(pen.livePoints).toBe(11);
  });

  it("is level over the span when its value has not changed in it", () => {
    expect(seen(heldPoints(live(5, 3), 10, 20))).toMatchObject({ time: [10, 20], value: [3, 3] });
    expect(seen(heldPoints(live(5, 3, NOT_CONNECTED), 10, 20)).time).toEqual([]);
  });

  it("takes the same sample only once, as when it is told again", () => {
    const pen = new PenData("A");
    pen.setHistory(history([[10, 1]]));
    for (const sample of [live(10, 1), live(20, 2), live(20, 2)]) pen.add(sample, 1);
    expect(seen(pen.points(0, 100, null)).time).toEqual([10, 20]);
  });

  it("forgets the live samples when the past is looked at, and not the record", () => {
    const pen = new PenData("A");
    pen.setHistory(history([[10, 1]]));
    pen.add(live(20, 2), 1);
    pen.forgetLive();
    pen.add(live(30, 3), 1);
    expect(seen(pen.points(0, 100, null)).time).toEqual([10, 30]);
  });

  it("never keeps more live samples than can be read again, however often the quality changes", () => {
    const pen = new PenData("A");
    for (let at = 0; at < LIVE_MOST + 500; at += 1) pen.add(live(at, 1, at % 2 ? GOOD : NOT_CONNECTED), 10);
    expect(pen.livePoints).toBe(LIVE_MOST);
  });
});

interface Row {
  time: number;
  value: number | null;
  sure: boolean;
}

/** The same as plain lists that are made anew each time. */
class Plain {
  private record: Row[] = [];
  private live: Row[] = [];
  private bucket = { time: -Infinity, from: 0 };

  setHistory(series: PlotSeries): void {
    this.record = series.time.map((time, at) => ({ time, value: series.value[at] as number | null, sure: series.quality[at] === GOOD }));
    const upTo = this.record.at(-1)?.time ?? -Infinity;
    const gone = this.live.filter((row) => row.time <= upTo).length;
    this.live = this.live.slice(gone);
    this.bucket.from = Math.max(0, this.bucket.from - gone);
  }

  add({ sourceTime: time, value, quality }: ReturnType<typeof live>, resolution: number): void {
    const row = { time, value: quality === NOT_CONNECTED ? null : Number(value), sure: quality === GOOD };
    const last = this.live.at(-1) ?? this.record.at(-1);
    if (last && (time < last.time || (time === last.time && row.value === last.value && row.sure === last.sure))) return;
    if (time - this.bucket.time >= resolution || row.value === null || this.live.at(-1)?.value === null) this.bucket = { time, from: this.live.length };
    this.live.push(row);
    const heights = this.live.slice(this.bucket.from).map((one) => Number(one.value));
    const kept = new Set([0, heights.length - 1, heights.indexOf(Math.min(...heights)), heights.indexOf(Math.max(...heights))]);
    const spare = heights.findIndex((_, at) => !kept.has(at));
    if (heights.length > 4 && spare !== -1) this.live.splice(this.bucket.from + spare, 1);
  }

  points(start: number, end: number, now: number | null) {
    const all = [...this.record, ...this.live];
    const last = all.at(-1);
    if (now !== null && last && now > last.time && last.value !== null) all.push({ ...last, time: now });
    const first = all.findLastIndex((row) => row.time < start);
    const after = all.findIndex((row) => row.time >= end);
    const rows = all.slice(Math.max(0, first), after === -1 ? undefined : after + 1);
    return { time: rows.map((row) => row.time), value: rows.map((row) => row.value), sure: rows.map((row) => row.sure) };
  }
}

describe("columns of points that grow", () => {
  it.each(Array.from({ length: 10 }, (_, seed) => seed))("are the same as lists that are made anew (%i)", (seed) => {
    const random = randomFrom(seed);
    const pen = new PenData("A");
    const plain = new Plain();
    let time = 1_000;
    for (let turn = 0; turn < 300; turn += 1) {
      time += random() < 0.1 ? random() * 20 : random() < 0.1 ? 0 : random();
      const sample = live(time, Math.round(random() * 20), [GOOD, GOOD, GOOD, UNCERTAIN, NOT_CONNECTED][Math.floor(random() * 5)]);
      for (const one of [pen, plain]) one.add(sample, 2);
      pen.trim(time - 300);
      if (random() < 0.01) {
        const read = history(Array.from({ length: 30 }, (_, at) => [time - 310 + at * 10, at, at % 7 ? GOOD : UNCERTAIN]));
        for (const one of [pen, plain]) one.setHistory(read);
      }
      const [start, end] = random() < 0.5 ? [time - 300, time + 1] : [time - 250, time - 100];
      const now = random() < 0.5 ? Math.min(end, time + 1) : null;
      expect(seen(pen.points(start, end, now))).toEqual(plain.points(start, end, now));
    }
  });
});
