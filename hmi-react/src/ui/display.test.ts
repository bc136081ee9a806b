import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aTag } from "@/testing/samples";
import { clearDisplay, displayKey, onDisplay, setDisplay } from "./display";
import { formatDate, formatDateTime, formatShown, formatTime, formatValue, ownUnitOf, parseInput, shownRange, shownUnit, typedUnit, unitOf, zoneName } from "./format";
import { lineLook, penOf } from "./trend-options";

const line = (id: string, symbol: string, factor: number, offset = 0) => ({ id, symbol, factor, offset });
const QUANTITIES = [
  { id: "temperature", units: [line("degC", "°C", 1, 273.15), line("degF", "°F", 5 / 9, 459.67 * (5 / 9))] },
  { id: "length", units: [line("m", "m", 1), line("mm", "mm", 0.001)] },
  { id: "time", units: [line("s", "s", 1), line("min", "min", 60)] },
];
const warm = aTag({ unit: "degC", unit_symbol: "°C", precision: 1, range: [5, 60] });
const long = aTag({ unit: "m", unit_symbol: "m", display_unit: "mm", precision: 2, range: [0, 5] });
const NOON = Date.parse("2026-07-01T12:00:00.250Z") / 1000;

afterEach(clearDisplay);

describe("times", () => {
  it("are told in the zone of the user", () => {
    setDisplay({ zone: "America/New_York" });
    expect(formatTime(NOON, true)).toBe("08:00:00.250");
    expect(zoneName(new Date(NOON * 1000))).toBe("UTC\u221204:00");
    setDisplay({ zone: "Pacific/Auckland" });
    expect(formatDate(NOON)).toBe("2026-07-02");
    expect(formatDateTime(NOON)).toBe("2026-07-02 00:00:00");
    expect(zoneName(new Date(NOON * 1000))).toBe("UTC+12:00");
    setDisplay({ zone: "UTC" });
    expect(zoneName(new Date(NOON * 1000))).toBe("UTC");
  });
});

describe("values", () => {
  beforeEach(() => setDisplay({ quantities: QUANTITIES, units: { temperature: "degF", time: "min" } }));

  it("are shown in the unit that the user wants, and ranges with them", () => {
    expect([formatValue(20, warm), unitOf(warm), ownUnitOf(warm), shownUnit(warm)]).toEqual(["68.0", "°F", "°C", "degF"]);
    expect(shownRange(warm)).toEqual([41, 140]);
    expect(typedUnit(warm)).toBe("degF");
  });

  it("are shown in the tag's own display unit if the user wants none", () => {
    expect([formatValue(0.1234, long), unitOf(long)]).toEqual(["123", "mm"]);
  });

  it("that were typed are in that unit already, and checked in it", () => {
    expect(formatShown(68, warm)).toBe("68.0");
    expect(parseInput("140", warm)).toEqual({ ok: true, value: 140 });
    expect(parseInput("141", warm)).toEqual({ ok: false, message: "high" });
    expect(parseInput("20", warm)).toEqual({ ok: false, message: "low" });
  });

  it("of counts may have a part when shown in a larger unit", () => {
    const count = aTag({ type: "int", unit: "s", unit_symbol: "s", range: null });
    expect(formatValue(90, count)).toBe("1.50");
    expect(parseInput("1.5", count)).toEqual({ ok: true, value: 1.5 });
  });

  it("of switches, texts and unknown units stay as they are", () => {
    expect(formatValue(1, aTag({ type: "bool", unit: "degC" }))).toBe("On");
    expect(formatValue("20", warm)).toBe("20");
    expect([formatValue(3, aTag({ unit: "furlong", unit_symbol: "" })), unitOf(aTag({ unit: "furlong", unit_symbol: "" }))]).toEqual(["3.00", "furlong"]);
    expect(typedUnit(aTag({ unit: "" }))).toBeUndefined();
  });

  it("are drawn in it", () => {
    const pen = penOf("T", warm);
    expect([pen.scale, pen.label]).toEqual(["unit:degF", "°F"]);
    const { slope, shift } = lineLook(pen, 0, { scheme: "light", compact: false });
    expect(Math.round(20 * slope + shift)).toBe(68);
  });

  it("are shown as they are before the runtime has told the units", () => {
    setDisplay({ units: { temperature: "degF" } });
    expect([formatValue(20, warm), unitOf(warm), typedUnit(warm)]).toEqual(["20.0", "°C", undefined]);
  });
});

describe("whoever has drawn", () => {
  it("hears when it has to be drawn anew, until it leaves", () => {
    const keys: (string | null)[] = [displayKey()];
    const leave = onDisplay(() => keys.push(displayKey()));
    setDisplay({ zone: "UTC" });
    setDisplay({ zone: "Asia/Tokyo" });
    leave();
    setDisplay({});
    expect(keys[0]).toBeNull();
    expect(new Set(keys).size).toBe(3);
    expect(keys).toHaveLength(3);
  });
});
