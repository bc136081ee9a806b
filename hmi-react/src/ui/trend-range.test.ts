import { describe, expect, it } from "vitest";
import { LEAST_S, lengthOf, MOST_S, panned, sameSpan, wheelFactor, within, zoomed } from "./trend-range";

const NOW = 1_000_000_000;
const span = { start: NOW - 1_000, end: NOW - 400 };

describe("a span of time", () => {
  it("is zoomed around an instant that keeps its place", () => {
    const around = NOW - 800;
    const closer = zoomed(span, 0.5, around, NOW);
    expect(lengthOf(closer)).toBeCloseTo(300);
    expect((around - closer.start) / lengthOf(closer)).toBeCloseTo((around - span.start) / lengthOf(span));
  });

  it("comes back when it is zoomed in and out", () => {
    const there = zoomed(span, 0.25, span.start, NOW);
    const back = zoomed(there, 4, span.start, NOW);
    expect(back.start).toBeCloseTo(span.start);
    expect(back.end).toBeCloseTo(span.end);
  });

  it("keeps its length when it is moved", () => {
    expect(panned(span, -0.5, NOW)).toEqual({ start: NOW - 1_300, end: NOW - 700 });
  });

  it("never goes beyond the present, and keeps its length there", () => {
    expect(panned(span, 5, NOW)).toEqual({ start: NOW - 600, end: NOW });
    expect(zoomed(span, 4, NOW - 400, NOW).end).toBeLessThanOrEqual(NOW);
  });

  it("is not closer than samples are, nor wider than one question may be", () => {
    expect(lengthOf(zoomed(span, 1e-9, NOW - 700, NOW))).toBeCloseTo(LEAST_S);
    expect(lengthOf(zoomed({ start: 1, end: NOW }, 1e9, NOW / 2, NOW))).toBeCloseTo(MOST_S);
    expect(lengthOf(within({ start: NOW - 5, end: NOW - 5 }, NOW))).toBeCloseTo(LEAST_S);
  });

  it("is the same if it begins and ends at the same times", () => {
    expect(sameSpan(span, { ...span })).toBe(true);
    expect(sameSpan(span, null)).toBe(false);
    expect(sameSpan(null, null)).toBe(true);
  });
});

describe("a turn of the wheel", () => {
  it("zooms out one way and back the other, in pixels and in lines", () => {
    expect(wheelFactor(100, 0)).toBeGreaterThan(1);
    expect(wheelFactor(100, 0) * wheelFactor(-100, 0)).toBeCloseTo(1);
    expect(wheelFactor(3, 1)).toBeCloseTo(wheelFactor(48, 0));
  });

  it("is bounded, however far a free wheel spins", () => {
    expect(wheelFactor(100_000, 0)).toBeCloseTo(Math.E);
  });
});
