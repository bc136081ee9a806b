import { describe, expect, it } from "vitest";
import { cursorsIn, cursorWords, moved, rangeWords, readTrend, spanWords, stepFor } from "./trend-address";

const read = (text: string) => readTrend(new URLSearchParams(text));

/** The address after words were set, as the page does it. */
function after(text: string, words: Record<string, string | null>): string {
  const search = new URLSearchParams(text);
  for (const [name, value] of Object.entries(words)) {
    if (value) search.set(name, value);
    else search.delete(name);
  }
  return search.toString();
}

describe("the address of a trend", () => {
  it("has a state for every address, however it was written", () => {
    expect(read("")).toEqual({ pens: [], range: 600, span: null, limits: false, alarms: true, notes: true, compare: 0, table: false, step: null, cursors: null });
    expect(read("range=7&from=x&to=y&compare=abc&step=5y&view=cake&a=1")).toEqual(read(""));
  });

  it("names sixteen pens at most, each once", () => {
    const names = Array.from({ length: 20 }, (_, at) => `T${at}`);
    expect(read(`pens=A,A,B`).pens).toEqual(["A", "B"]);
    expect(read(`pens=${names.join(",")}`).pens).toEqual(names.slice(0, 16));
  });

  it("keeps a span to the millisecond", () => {
    const span = { start: 1_700_000_000.123, end: 1_700_000_600.456 };
    expect(read(after("pens=A", spanWords(span))).span).toEqual(span);
    expect(read(after("pens=A", spanWords({ start: 20, end: 10 }))).span).toBeNull();
  });

  it("goes back to the present with a range", () => {
    const state = read(after("pens=A&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", rangeWords(86_400)));
    expect([state.range, state.span]).toEqual([86_400, null]);
  });

  it("keeps the fixed cursors", () => {
    const cursors = { a: 100, b: 200.5 };
    expect(read(after("", cursorWords(cursors))).cursors).toEqual(cursors);
    expect(read(after(after("", cursorWords(cursors)), cursorWords(null))).cursors).toBeNull();
  });
});

describe("fixed cursors", () => {
  it("begin within the span", () => {
    expect(cursorsIn({ start: 0, end: 300 })).toEqual({ a: 100, b: 200 });
  });

  it("are moved by a click that is nearer to them", () => {
    expect(moved({ a: 100, b: 200 }, 120)).toEqual({ a: 120, b: 200 });
    expect(moved({ a: 100, b: 200 }, 190)).toEqual({ a: 100, b: 190 });
  });
});

it("a table has the finest step that does not make it long", () => {
  expect([60, 600, 3_600, 86_400, 30 * 86_400, 3_000 * 86_400].map((length) => stepFor({ start: 0, end: length }))).toEqual(["1s", "10s", "10s", "10m", "1d", "1d"]);
});
