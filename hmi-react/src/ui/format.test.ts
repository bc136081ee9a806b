import { describe, expect, it } from "vitest";
import { formatDuration, formatNumber, formatUnit, formatValue, parseInput, unitOf } from "./format";

describe("numbers", () => {
  it("have the precision of their tag and a true minus sign", () => {
    expect(formatNumber(2.34567, 2)).toBe("2.35");
    expect(formatNumber(-5, 1)).toBe("\u22125.0");
    expect(formatNumber(1234.5, 0)).toBe("1235");
  });

  it("never show a negative zero or what is not a number", () => {
    expect(formatNumber(-0.001, 2)).toBe("0.00");
    expect(formatNumber(Number.NaN, 2)).toBe("–");
    expect(formatNumber(Infinity, 2)).toBe("–");
  });

  it("are written by type", () => {
    expect(formatValue(true)).toBe("On");
    expect(formatValue(0, { type: "bool", precision: 0 })).toBe("Off");
    expect(formatValue(7, { type: "int", precision: 3 })).toBe("7");
    expect(formatValue(null)).toBe("–");
    expect(formatValue("A")).toBe("A");
    expect(formatValue(1, { type: "enum", precision: 0, states: { "1": "Open" } })).toBe("Open");
    expect(formatValue(7, { type: "enum", precision: 0, states: { "1": "Open" } })).toBe("7");
  });
});

describe("units", () => {
  it("are printed as on paper", () => {
    expect(["m3/h", "degC", "kW", "mm/s", "m2", "%"].map(formatUnit)).toEqual(["m³/h", "°C", "kW", "mm/s", "m²", "%"]);
  });

  it("are those of the catalogue where the runtime tells them, and none for what has no size", () => {
    expect(unitOf({ type: "float", unit: "kPa", unit_symbol: "kPa" })).toBe("kPa");
    expect(unitOf({ type: "float", unit: "m3", unit_symbol: "" })).toBe("m³");
    expect(unitOf({ type: "bool", unit: "m3" })).toBe("");
    expect(unitOf(undefined)).toBe("");
  });
});

describe("typed values", () => {
  const tag = { type: "float", range: [0, 10] as [number, number] } as const;

  it("become the tag's type", () => {
    expect(parseInput(" 2.5 ", tag)).toEqual({ ok: true, value: 2.5 });
    expect(parseInput("2,5", tag)).toEqual({ ok: true, value: 2.5 });
    expect(parseInput("true", { type: "bool", range: null })).toEqual({ ok: true, value: true });
    expect(parseInput("hello", { type: "string", range: null })).toEqual({ ok: true, value: "hello" });
  });

  it("are refused with the reason while typing", () => {
    expect(parseInput("", tag)).toEqual({ ok: false, message: "empty" });
    expect(parseInput("abc", tag)).toEqual({ ok: false, message: "number" });
    expect(parseInput("1,000.5", tag)).toEqual({ ok: false, message: "number" });
    expect(parseInput("-1", tag)).toEqual({ ok: false, message: "low" });
    expect(parseInput("11", tag)).toEqual({ ok: false, message: "high" });
    expect(parseInput("1.5", { type: "int", range: null })).toEqual({ ok: false, message: "whole" });
    expect(parseInput("1e999", tag)).toEqual({ ok: false, message: "number" });
  });
});

describe("durations", () => {
  it("show their two largest units", () => {
    expect([5, 65, 3_700, 90_000].map(formatDuration)).toEqual(["5 s", "1 min 5 s", "1 h 1 min", "1 d 1 h"]);
  });
});
