import { describe, expect, it } from "vitest";
import { catalogueOf, conversionFor, convert, convertBack, convertDifference, convertPrecision, type Conversion } from "./units";

const line = (id: string, factor: number, offset = 0) => ({ id, symbol: id, factor, offset });
const CATALOGUE = catalogueOf([
  { id: "temperature", units: [line("K", 1), line("degC", 1, 273.15), line("degF", 5 / 9, 459.67 * (5 / 9))] },
  { id: "pressure", units: [line("Pa", 1), line("bar", 1e5), line("psi", 6894.757293168361)] },
  { id: "length", units: [line("m", 1), line("mm", 0.001), line("km", 1000)] },
]);

function pair(from: string, to: string): Conversion {
  const conversion = conversionFor(from, to, {}, CATALOGUE);
  if (conversion === null) throw new Error(`${from} does not convert to ${to}`);
  return conversion;
}

describe("convert", () => {
  it.each([
    ["degC", "degF", 20, 68],
    ["degC", "degF", -40, -40],
    ["degF", "degC", 212, 100],
    ["degC", "K", 20, 293.15],
    ["bar", "psi", 1, 14.5037737730],
    ["m", "mm", 0.1, 100],
    ["mm", "km", 1500, 0.0015],
  ])("from %s to %s", (from, to, value, expected) => {
    expect(convert(value, pair(from, to))).toBeCloseTo(expected, 9);
    expect(convertBack(expected, pair(from, to))).toBeCloseTo(value, 8);
  });

  it("leaves no traces of rounding", () => {
    expect(convert(20, pair("degC", "degF"))).toBe(68);
    expect(convert(60, pair("degC", "degF"))).toBe(140);
    expect(convert(0.3, pair("m", "mm"))).toBe(300);
    expect(convert(Infinity, pair("m", "mm"))).toBe(Infinity);
  });

  it("of a difference knows no zero", () => {
    expect(convertDifference(1, pair("degC", "degF"))).toBe(1.8);
    expect(convertDifference(2, pair("bar", "Pa"))).toBe(200_000);
  });
});

describe("convertPrecision", () => {
  it("keeps what the figure tells", () => {
    expect(convertPrecision(2, pair("m", "mm"))).toBe(0);
    expect(convertPrecision(0, pair("mm", "m"))).toBe(3);
    expect(convertPrecision(1, pair("degC", "degF"))).toBe(1);
    expect(convertPrecision(3, pair("Pa", "bar"))).toBe(6);
  });
});

const to = (unit: string, display: string, wishes: Record<string, string>): string | undefined => conversionFor(unit, display, wishes, CATALOGUE)?.to.id;

describe("conversionFor", () => {
  it("follows the user first, then the tag", () => {
    expect(to("degC", "", { temperature: "degF" })).toBe("degF");
    expect(to("degC", "K", { temperature: "degF" })).toBe("degF");
    expect(to("degC", "K", { pressure: "psi" })).toBe("K");
    expect(to("degC", "K", { temperature: "degC" })).toBeUndefined();
  });

  it("leaves alone what it does not know", () => {
    expect(to("degC", "", {})).toBeUndefined();
    expect(to("furlong", "", { length: "m" })).toBeUndefined();
    expect(to("degC", "bar", {})).toBeUndefined();
    expect(to("degC", "", { temperature: "bar" })).toBeUndefined();
    expect(to("", "degF", { temperature: "degF" })).toBeUndefined();
  });
});
