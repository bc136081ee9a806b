import { describe, expect, it } from "vitest";
import { aTag } from "@/testing/samples";
import { airy, axesIn, chartOptions, decimals, lineLook, penOf } from "./trend-options";

const NOTHING = { scheme: "light", reach: () => [] } as const;
const level = penOf("L", aTag({ name: "L", unit: "m" }));
const flow = penOf("F", aTag({ name: "F", unit: "m3/h", unit_symbol: "m³/h" }));
const count = penOf("N", aTag({ name: "N", type: "int", unit: "", unit_symbol: "" }));
const pump = penOf("P", aTag({ name: "P", type: "bool", unit: "" }));
const valve = penOf("V", aTag({ name: "V", type: "enum", states: { "0": "Closed", "3": "Open" } }));
const mode = penOf("M", aTag({ name: "M", type: "enum", states: { "0": "Hand", "1": "Auto" } }));

describe("axes of a trend", () => {
  it("are shared only by pens of the same unit", () => {
    const scales = [level, penOf("L2", aTag({ name: "L2", unit: "m" })), flow, count, pump, valve, mode].map((pen) => pen.scale);
    expect(new Set(scales).size).toBe(6);
    expect(scales[0]).toBe(scales[1]);
  });

  it("are never shared by a tag whose unit is not known yet", () => {
    expect(penOf("L", undefined).scale).not.toBe(penOf("F", undefined).scale);
    expect(penOf("L", undefined).scale).not.toBe(level.scale);
  });

  it("are all drawn, each with its unit", () => {
    const { axes } = chartOptions([level, flow, pump], NOTHING);
    expect(axes?.slice(1).map((axis) => [axis.scale, axis.label])).toEqual([
      ["unit:m", "m"],
      ["unit:m3/h", "m³/h"],
      ["switch", undefined],
    ]);
  });

  it("have the words of states", () => {
    const axis = chartOptions([valve], NOTHING).axes?.[1];
    const values = axis?.values as (plot: unknown, splits: number[], at: number, space: number, step: number) => string[];
    expect(values(null, [0, 1, 2, 3], 0, 0, 1)).toEqual(["Closed", "", "", "Open"]);
  });

  it("are as many as there is room for, in the order of the pens, and one at least", () => {
    expect([320, 1300].map(axesIn)).toEqual([2, 8]);
    expect(axesIn(0)).toBe(1);
    const { axes, scales } = chartOptions([level, flow, pump], { ...NOTHING, room: 2 });
    expect(axes?.slice(1).map((axis) => axis.scale)).toEqual(["unit:m", "unit:m3/h"]);
    expect(Object.keys(scales ?? {})).toContain("switch");
  });

  it("have the colour of their pen if they are of one alone", () => {
    const pens = [level, level, flow];
    const { axes } = chartOptions(pens, NOTHING);
    const colours = pens.map((pen, at) => lineLook(pen, at, { scheme: "light", compact: false }).colour);
    expect(axes?.[2]?.stroke).toBe(colours[2]);
    expect(colours).not.toContain(axes?.[1]?.stroke);
  });

  it("print as many digits as their steps differ in", () => {
    expect([10, 2.5, 0.1, 0.25, 0.005].map(decimals)).toEqual([0, 1, 1, 2, 3]);
  });

  it("reach all that is shown, with some air, and a flat line lies in the middle", () => {
    const { scales } = chartOptions([level], { ...NOTHING, reach: () => [1, 2, 10] });
    const range = scales?.["unit:m"]?.range as () => [number, number];
    expect(range()[0]).toBeLessThan(1);
    expect(range()[1]).toBeGreaterThan(10);
    expect([airy([4, 4]), airy([])]).toEqual([[3.5, 4.5], [0, 1]]);
  });
});

describe("the line of a pen", () => {
  it("is thinner and later where it shows an earlier time", () => {
    const [now, earlier] = [0, 3_600].map((later) => lineLook(level, 0, { scheme: "dark", compact: false, later }));
    expect(earlier).toMatchObject({ later: 3_600, stepped: false, slope: 1, shift: 0 });
    expect(earlier?.width).toBeLessThan(now?.width ?? 0);
  });

  it("is stepped where values do not slope", () => {
    expect([level, count, pump, valve].map((pen) => lineLook(pen, 0, { scheme: "light", compact: true }).stepped)).toEqual([false, true, true, true]);
  });
});
