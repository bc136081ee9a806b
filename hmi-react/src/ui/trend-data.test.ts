import { describe, expect, it } from "vitest";
import type { BucketSeries } from "@/api/types";
import { GOOD, NOT_CONNECTED } from "@/testing/samples";
import { align, heldPoints, PenData, valueAt } from "./trend-data";

const live = (time: number, value: number | boolean, quality = GOOD) => ({ value, quality, sourceTime: time, serverTime: time });

function history(points: [time: number, mean: number | null, quality?: number][]): BucketSeries {
  const mean = points.map((point) => point[1]);
  return {
    tag: "A",
    unit: "m",
    mode: "buckets",
    time: points.map((point) => point[0]),
    min: mean.map((value) => (value === null ? null : value - 1)),
    max: mean.map((value) => (value === null ? null : value + 1)),
    mean,
    count: mean.map(() => 1),
    quality: points.map((point) => point[2] ?? GOOD),
  };
}

describe("one pen", () => {
  it("continues history with live samples", () => {
    const pen = new PenData("A");
    pen.setHistory(history([[10, 1], [20, 2]]));
    pen.add(live(30, 3), 1);
    expect(pen.points(0, 100, null)).toMatchObject({ time: [10, 20, 30], value: [1, 2, 3], min: [0, 1, 3], max: [2, 3, 3] });
  });

  it("breaks the line where quality was bad, in history and live", () => {
    const pen = new PenData("A");
    pen.setHistory(history([[10, 1], [20, 2, NOT_CONNECTED]]));
    pen.add(live(30, 3), 1);
    pen.add(live(40, 3, NOT_CONNECTED), 1);
    expect(pen.points(0, 100, null).value).toEqual([1, null, 3, null]);
  });

  it("has no point for a bucket without samples: the value before still held", () => {
    const pen = new PenData("A");
    pen.setHistory(history([[10, 1], [20, null], [30, 3]]));
    expect(pen.points(0, 100, null).time).toEqual([10, 30]);
  });

  it("drops live points that newly read history covers, and keeps the rest", () => {
    const pen = new PenData("A");
    for (const time of [10, 20, 30]) pen.add(live(time, time), 1);
    pen.setHistory(history([[5, 5], [20, 20]]));
    expect(pen.points(0, 100, null).time).toEqual([5, 20, 30]);
  });

  it("joins samples closer than the resolution, with their extremes", () => {
    const pen = new PenData("A");
    for (const [time, value] of [[10, 5], [10.2, 9], [10.4, 1], [11.1, 4]] as const) pen.add(live(time, value), 1);
    expect(pen.points(0, 100, null)).toMatchObject({ time: [10.4, 11.1], value: [1, 4], min: [1, 4], max: [9, 4] });
  });

  it("ignores a sample that is older than the last point", () => {
    const pen = new PenData("A");
    pen.add(live(20, 2), 1);
    pen.add(live(10, 1), 1);
    expect(pen.points(0, 100, null).time).toEqual([20]);
  });

  it("draws the last good value on to now, but not a bad one", () => {
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
});

describe("several pens", () => {
  it("share one time axis, undefined where a pen has no point", () => {
    const one = { time: [1, 3], value: [10, 30], min: [10, 30], max: [10, 30] };
    const two = { time: [2, 3], value: [200, null], min: [200, null], max: [200, null] };
    const [times, first, , , second] = align([one, two]);
    expect(times).toEqual([1, 2, 3]);
    expect(first).toEqual([10, undefined, 30]);
    expect(second).toEqual([undefined, 200, null]);
  });

  it("show at the cursor the value that held, nothing within a gap", () => {
    expect(valueAt([1, 2, 3], [5, undefined, 7], 1)).toBe(5);
    expect(valueAt([1, 2, 3], [5, null, undefined], 2)).toBeNull();
  });
});
