import { describe, expect, it } from "vitest";
import { figure, metricsOf, percent, seconds, verdictOf } from "./metrics";
import { someAnalytics } from "@/testing/analytics-sample";

const of = (id: string, over = {}) => metricsOf(someAnalytics(over)).find((metric) => metric.id === id);

describe("verdicts", () => {
  it("are on target, between target and limit, or above the limit", () => {
    const wanted = { target: 1, limit: 2 };
    expect([0, 1, 1.01, 2, 2.01].map((value) => verdictOf(value, wanted))).toEqual(["good", "good", "fair", "fair", "poor"]);
  });

  it("follow the runtime where the bound itself is too much", () => {
    expect(verdictOf(0.01, { target: 0.01, ok: false })).toBe("fair");
    expect(verdictOf(0.01, { target: 0.01, limit: 0.01, ok: false })).toBe("poor");
    expect(verdictOf(0.01, { target: 0.01, limit: 0.01, ok: true })).toBe("good");
  });

  it("are none without a value or without anything to judge it by", () => {
    expect(verdictOf(null, { target: 1 })).toBe("unknown");
    expect(verdictOf(3, {})).toBe("unknown");
    expect(verdictOf(3, { target: null, limit: null })).toBe("unknown");
  });
});

describe("metrics", () => {
  it("tell value, target and limit in the same unit", () => {
    expect(of("per_10_min")).toMatchObject({ value: "0.28", target: "1", limit: "2", verdict: "good" });
    expect(of("busy_10_min")).toMatchObject({ value: "0.69 %", target: "1 %", verdict: "good" });
    expect(of("peak_10_min")).toMatchObject({ value: "14", verdict: "poor" });
    expect(of("top_share", { count: 140 })).toMatchObject({ value: "3 %", verdict: "fair" });
  });

  it("want no alarm that chatters or flees, and few that stand", () => {
    expect(of("chattering")).toMatchObject({ value: "1", verdict: "fair" });
    expect(of("fleeting")).toMatchObject({ value: "0", verdict: "good" });
    expect(of("stale")).toMatchObject({ value: "1", verdict: "fair", limit: "5", note: { kind: "whole", count: 1 } });
  });

  it("judge stale alarms by the worst day, and tell beside it how many there were in all", () => {
    const stale_alarms = { target: 0, limit: 5, ok: true, count: 9, worst_day: 2 };
    expect(of("stale", { stale_alarms })).toMatchObject({ value: "2", verdict: "fair", note: { kind: "whole", count: 9 } });
    expect(of("stale", { stale_alarms: { ...stale_alarms, worst_day: 5, ok: false } })).toMatchObject({ value: "5", verdict: "poor" });
  });

  it("tell nothing of a time without records", () => {
    for (const id of ["per_10_min", "peak_10_min", "flood", "chattering"]) expect(of(id, { covered_s: 0 })).toMatchObject({ value: "–", verdict: "unknown" });
    expect(of("top_share", { count: 0 })).toMatchObject({ value: "–" });
  });

  it("do not reckon a day from minutes, nor judge the top ten of a few", () => {
    expect(of("per_day", { covered_s: 3600 })).toMatchObject({ value: "–", verdict: "unknown" });
    expect(of("per_hour", { covered_s: 600 })).toMatchObject({ value: "–", verdict: "unknown" });
    expect(of("per_10_min", { covered_s: 600 })).toMatchObject({ value: "0.28", verdict: "good" });
    expect(of("top_share")).toMatchObject({ value: "3 %", target: null, verdict: "unknown" });
  });

  it("say how long people took, without a judgement", () => {
    expect(of("ack")).toMatchObject({ value: "31 s", verdict: "unknown", note: { kind: "spread", p95: "5 min 0 s", count: 38 } });
    expect(of("return")).toMatchObject({ value: "–", note: null });
  });
});

it("numbers have as many decimals as they deserve", () => {
  expect([0, 3, 0.284, 12.34, 123.4, null].map(figure)).toEqual(["0", "3", "0.28", "12.3", "123", "–"]);
  expect([0, 0.0069, 0.01, 0.034, 0.5, 1, null].map(percent)).toEqual(["0 %", "0.69 %", "1 %", "3.4 %", "50 %", "100 %", "–"]);
  expect([0.42, 9, 75, null].map(seconds)).toEqual(["0.4 s", "9 s", "1 min 15 s", "–"]);
});
