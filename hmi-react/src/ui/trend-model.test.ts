import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Plot } from "@/api/history";
import { connection, tagStore } from "@/live/live";
import { GOOD, NOT_CONNECTED } from "@/testing/samples";
import { TrendModel } from "./trend-model";
import type { PenPoints } from "./trend-points";

interface Asked {
  start: number;
  end: number;
  width: number;
}

const NOW = 1_700_000_000;

const rows = (points: PenPoints | undefined): number[][] => [...(points?.time ?? [])].map((time, at) => [time, points?.value[at] ?? 0]);
const seen = (model: TrendModel): number[][] => rows(model.points()[0]);

/** Until what is looked at has rested and was read. */
const rest = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1_000);

describe("a trend", () => {
  const asked: Asked[] = [];
  let answer: Plot = { series: [], until: NOW };
  const load = (_: readonly string[], start: number, end: number, width: number): Promise<Plot> => {
    asked.push({ start, end, width });
    return Promise.resolve(answer);
  };
  beforeEach(() => {
    asked.length = 0;
    answer = { series: [], until: NOW };
    vi.useFakeTimers({ now: NOW * 1000 });
  });
  afterEach(async () => {
    // The frame in which others are told of samples comes too, as the store is everybody's.
    await rest();
    vi.useRealTimers();
  });

  it("asks for what it looks at with its own resolution, once it rests", async () => {
    const model = new TrendModel(["A"], { rangeS: 600, width: 800 }, () => undefined, load);
    const end = model.start();
    for (const start of [NOW - 300, NOW - 200, NOW - 100]) model.look({ start, end: NOW });
    await rest();
    expect(asked).toEqual([
      { start: NOW - 600, end: NOW, width: 800 },
      { start: NOW - 100, end: NOW, width: 800 },
    ]);
    end();
  });

  it("does not ask again for the same span", async () => {
    const model = new TrendModel(["A"], { rangeS: 600 }, () => undefined, load);
    const end = model.start({ start: 10, end: 20 });
    model.look({ start: 10, end: 20 });
    await rest();
    expect(asked).toHaveLength(1);
    end();
  });

  it("holds the last value to the end of the record, and not beyond", async () => {
    answer = { series: [{ tag: "A", time: [NOW - 50], value: [7], quality: [GOOD] }], until: NOW - 20 };
    const model = new TrendModel(["A"], { rangeS: 600 }, () => undefined, load);
    const end = model.start({ start: NOW - 100, end: NOW });
    await rest();
    expect(seen(model)).toEqual([[NOW - 50, 7], [NOW - 20, 7]]);
    end();
  });

  it("knows nothing after a value that became bad", async () => {
    answer = { series: [{ tag: "A", time: [NOW - 50, NOW - 40], value: [7, null], quality: [GOOD, NOT_CONNECTED] }], until: NOW };
    const model = new TrendModel(["A"], { rangeS: 600 }, () => undefined, load);
    const end = model.start({ start: NOW - 100, end: NOW });
    await rest();
    expect(seen(model)).toEqual([[NOW - 50, 7], [NOW - 40, Number.NaN]]);
    end();
  });

  it("reads an earlier time too, and knows how long its last value held", async () => {
    answer = { series: [{ tag: "A", time: [NOW - 3_650], value: [7], quality: [GOOD] }], until: NOW };
    const model = new TrendModel(["A"], { rangeS: 600, compareS: 3_600 }, () => undefined, load);
    const end = model.start({ start: NOW - 100, end: NOW });
    await rest();
    expect(asked[1]).toMatchObject({ start: NOW - 3_700, end: NOW - 3_600 });
    expect(rows(model.earlierPoints()[0])).toEqual([[NOW - 3_650, 7], [NOW - 3_600, 7]]);
    end();
  });

  it("tells what went wrong, and forgets it when it is read again", async () => {
    let broken = true;
    const model = new TrendModel(["A"], { rangeS: 600 }, () => undefined, () => (broken ? Promise.reject(new Error("no")) : Promise.resolve(answer)));
    const end = model.start();
    await rest();
    expect(model.error).not.toBeNull();
    broken = false;
    await model.reload();
    expect(model.error).toBeNull();
    end();
  });

  it("says that it changed with each sample, and keeps none that has left the span", async () => {
    const model = new TrendModel(["A"], { rangeS: 100 }, () => undefined, load);
    const end = model.start();
    await rest();
    const changed = vi.fn<() => void>();
    model.onChange = changed;
    for (let at = 0; at < 300; at += 1) {
      vi.setSystemTime((NOW + at) * 1000);
      tagStore.apply([["A", at, GOOD, NOW + at, NOW + at]]);
    }
    expect(changed).toHaveBeenCalledTimes(300);
    expect(seen(model)[0]).toEqual([NOW + 198, 198]);
    vi.setSystemTime((NOW + 150) * 1000);
    expect(seen(model)).toEqual([[NOW + 198, 198]]);
    end();
  });

  it.each([
    [600, 2],
    [30 * 86_400, 1],
  ])("of %i s reads the record %i times when the connection comes up meanwhile: again only where what was missed could be seen", async (rangeS, times) => {
    answer = { series: [], until: NOW - 2 };
    connection.closed();
    const model = new TrendModel(["A"], { rangeS, width: 1_000 }, () => undefined, load);
    const end = model.start();
    connection.opened();
    connection.snapshotTaken();
    await rest();
    expect(asked).toHaveLength(times);
    end();
    connection.closed();
  });
});
