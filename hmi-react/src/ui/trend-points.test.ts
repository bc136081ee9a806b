import { describe, expect, it } from "vitest";
import { Columns, extremes, indexAt, pointsOf, valueAt } from "./trend-points";

/** Points that are certain, from times and values; null is not known. */
const points = (...rows: [number, number | null][]) => pointsOf(rows.map(([time]) => time), rows.map(([, value]) => value ?? Number.NaN), rows.map(() => true));

describe("points of a pen", () => {
  it("tell at a cursor the value that held, nothing within a gap, before the first or after the last one", () => {
    const pen = points([1, 5], [2, 6], [3, null], [4, 7]);
    expect([0.5, 1.5, 2, 3.5, 4, 4.5].map((time) => valueAt(pen, time))).toEqual([null, 5, 6, null, 7, null]);
  });

  it("tell the newest of two at one time", () => {
    expect(valueAt(points([1, 5], [1, 6], [2, 7]), 1)).toBe(6);
  });

  it("are searched by halves", () => {
    expect([0, 1, 2, 9].map((time) => indexAt([1, 2, 3], time))).toEqual([0, 0, 1, 3]);
    expect([0, 1, 2, 9].map((time) => indexAt([1, 2, 3], time, true))).toEqual([0, 1, 2, 3]);
  });
});

describe("what an axis must reach", () => {
  it("are the values within the span and where the line crosses its edges, not what lies beyond", () => {
    const pen = points([0, 100], [10, 0], [20, 5], [30, 1_000]);
    expect(extremes(pen, 8, 21, false)).toEqual([0, 104.5]);
    expect(extremes(pen, 8, 21, true)).toEqual([0, 100]);
  });

  it("is the value that held all the time", () => {
    expect(extremes(points([0, 7], [100, 9]), 10, 20, true)).toEqual([7, 7]);
  });

  it("is nothing where nothing is known", () => {
    expect(extremes(points([0, 7], [5, null], [30, 9]), 10, 20, false)).toBeNull();
    expect(extremes(points(), 10, 20, false)).toBeNull();
  });
});

describe("columns", () => {
  it("do not grow while as much leaves them as comes in", () => {
    const columns = new Columns();
    const places = new Set<number>();
    for (let at = 0; at < 100_000; at += 1) {
      columns.push(at, at, true);
      if (columns.length > 1_000) columns.drop(1);
      places.add(columns.view(columns.first, columns.next, null).time.buffer.byteLength);
    }
    expect([columns.length, columns.first, columns.next]).toEqual([1_000, 99_000, 100_000]);
    expect(Math.max(...places)).toBeLessThanOrEqual(2_048 * 8);
  });

  it("leave what was seen of them as it was when they are made anew", () => {
    const columns = new Columns();
    columns.push(0, 7, true);
    const before = columns.view(0, 1, null);
    for (let at = 1; at < 2_000; at += 1) columns.push(at, at, true);
    expect([...before.value]).toEqual([7]);
  });
});
