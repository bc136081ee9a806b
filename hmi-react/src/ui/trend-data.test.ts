import { describe, expect, it } from "vitest";
import type { PlotSeries } from "@/api/history";
import { GOOD, NOT_CONNECTED, UNCERTAIN } from "@/testing/samples";
import { align, heldPoints, indexAt, lineThrough, PenData, shifted, valueAt, type PenPoints } from "./trend-data";

const live = (time: number, value: number | boolean, quality = GOOD) => ({ value, quality, sourceTime: time, serverTime: time });

function history(points: [time: number, value: number | boolean | null, quality?: number][]): PlotSeries {
  return { tag: "A", time: points.map((point) => point[0]), value: points.map((point) => point[1]), quality: points.map((point) => point[2] ?? GOOD) };
}

/** Points from times and values; a value in brackets is uncertain. */
const pen = (...points: [number, number | null | [number]][]): PenPoints => ({
  time: points.map(([time]) => time),
  value: points.map(([, value]) => (Array.isArray(value) ? value[0] : value)),
  sure: points.map(([, value]) => !Array.isArray(value)),
});

describe("one pen", () => {
  it("continues history with live samples", () => {
    const pen = new PenData("A");
    pen.setHistory(history([[10, 1], [20, 2]]));
    pen.add(live(30, 3), 1);
    expect(pen.points(0, 100, null)).toEqual({ time: [10, 20, 30], value: [1, 2, 3], sure: [true, true, true] });
  });

  it("knows nothing where quality was bad, in history and live", () => {
    const pen = new PenData("A");
    pen.setHistory(history([[10, 1], [20, null, NOT_CONNECTED]]));
    pen.add(live(30, 3), 1);
    pen.add(live(40, 3, NOT_CONNECTED), 1);
    expect(pen.points(0, 100, null).value).toEqual([1, null, 3, null]);
  });

  it("tells what is uncertain, in history and live", () => {
    const pen = new PenData("A");
    pen.setHistory(history([[10, 1], [20, 2, UNCERTAIN]]));
    pen.add(live(30, 3, UNCERTAIN), 1);
    expect(pen.points(0, 100, null).sure).toEqual([true, false, false]);
  });

  it("drops live points that newly read history covers, and keeps the rest", () => {
    const pen = new PenData("A");
    for (const time of [10, 20, 30]) pen.add(live(time, time), 1);
    pen.setHistory(history([[5, 5], [20, 20]]));
    expect(pen.points(0, 100, null).time).toEqual([5, 20, 30]);
  });

  it("keeps of samples closer than the resolution the first, least, greatest and last", () => {
    const pen = new PenData("A");
    for (const [time, value] of [[10, 5], [10.1, 6], [10.2, 9], [10.3, 4], [10.4, 1], [10.5, 3], [11.1, 4]] as const) pen.add(live(time, value), 1);
    expect(pen.points(0, 100, null)).toMatchObject({ time: [10, 10.2, 10.4, 10.5, 11.1], value: [5, 9, 1, 3, 4] });
  });

  it("keeps a short break among close samples", () => {
    const pen = new PenData("A");
    for (const [time, quality] of [[10, GOOD], [10.1, NOT_CONNECTED], [10.2, GOOD]] as const) pen.add(live(time, 1, quality), 1);
    expect(pen.points(0, 100, null).value).toEqual([1, null, 1]);
  });

  it("ignores a sample that is older than the last point", () => {
    const pen = new PenData("A");
    pen.add(live(20, 2), 1);
    pen.add(live(10, 1), 1);
    expect(pen.points(0, 100, null).time).toEqual([20]);
  });

  it("draws the last value on to now, but not a bad one", () => {
    const pen = new PenData("A");
    pen.add(live(10, 7), 1);
    expect(pen.points(0, 100, 50)).toMatchObject({ time: [10, 50], value: [7, 7] });
    pen.add(live(20, 7, NOT_CONNECTED), 1);
    expect(pen.points(0, 100, 50).time).toEqual([10, 20]);
  });

  it("keeps one point on either side of the span, so that lines reach its edges", () => {
    const pen = new PenData("A");
    pen.setHistory(history([[10, 1], [20, 2], [30, 3], [40, 4], [50, 5]]));
    expect(pen.points(25, 35, null).time).toEqual([20, 30, 40]);
  });

  it("forgets what has left the span", () => {
    const pen = new PenData("A");
    for (let time = 0; time < 100; time += 1) pen.add(live(time, time), 0.5);
    pen.trim(90);
    expect(pen.livePoints).toBe(11);
  });

  it("is level over the span when its value has not changed in it", () => {
    expect(heldPoints(live(5, 3), 10, 20)).toMatchObject({ time: [10, 20], value: [3, 3] });
    expect(heldPoints(live(5, 3, NOT_CONNECTED), 10, 20).time).toEqual([]);
  });

  it("can be seen later than it was", () => {
    expect(shifted(pen([1, 10], [2, 20]), 100).time).toEqual([101, 102]);
  });
});

describe("the line through a pen's points", () => {
  it("is one part where all is certain", () => {
    expect(lineThrough(pen([1, 10], [2, 20], [3, 30]), false)).toEqual({ time: [1, 2, 3], sure: [10, 20, 30], unsure: [null, null, null] });
  });

  it("has an uncertain part on both sides of an uncertain sample, which meets the certain one", () => {
    const line = lineThrough(pen([1, 10], [2, 20], [3, [30]], [4, 40], [5, 50]), false);
    expect(line.sure).toEqual([10, 20, null, 40, 50]);
    expect(line.unsure).toEqual([null, 20, 30, 40, null]);
  });

  it("never crosses an outage: the value holds up to it, uncertain, and begins anew after it", () => {
    const line = lineThrough(pen([1, 10], [2, 20], [5, null], [8, 80], [9, 90]), false);
    expect(line.time.map(Math.round)).toEqual([1, 2, 5, 5, 8, 9]);
    expect(line.sure).toEqual([10, 20, null, null, 80, 90]);
    expect(line.unsure).toEqual([null, 20, 20, null, null, null]);
  });

  it("holds up to an outage as certain as it was where it is stepped", () => {
    const line = lineThrough(pen([1, 0], [5, null], [8, 1], [9, 0]), true);
    expect(line.sure).toEqual([0, 0, null, 1, 0]);
    expect(line.unsure).toEqual([null, null, null, null, null]);
  });

  it("is uncertain from an uncertain sample to the next one where it is stepped", () => {
    const line = lineThrough(pen([1, 0], [2, [1]], [3, 0], [4, 1]), true);
    const drawn = line.time.map((time, at) => [Math.round(time), line.sure[at], line.unsure[at]]);
    expect(drawn).toEqual([[1, 0, null], [2, 0, null], [2, null, 1], [3, null, 1], [3, 0, null], [4, 1, null]]);
  });

  it("keeps a sample alone between two outages up to the second", () => {
    expect(lineThrough(pen([1, null], [2, 20], [3, null]), false).unsure).toEqual([null, 20, 20, null]);
  });
});

describe("several pens", () => {
  it("share one time axis, undefined where a pen has no point", () => {
    const [times, first, , second] = align([lineThrough(pen([1, 10], [3, 30]), true), lineThrough(pen([2, 200], [4, 300]), true)]);
    expect(times).toEqual([1, 2, 3, 4]);
    expect(first).toEqual([10, undefined, 30, undefined]);
    expect(second).toEqual([undefined, 200, undefined, 300]);
  });

  it("show at a cursor the value that held, nothing within a gap, before the first or after the last point", () => {
    const points = pen([1, 5], [2, 6], [3, null], [4, 7]);
    expect([0.5, 1.5, 2, 3.5, 4, 4.5].map((time) => valueAt(points, time))).toEqual([null, 5, 6, null, 7, null]);
  });

  it("are searched by halves", () => {
    expect([0, 1, 2, 9].map((time) => indexAt([1, 2, 3], time))).toEqual([0, 0, 1, 3]);
  });
});
