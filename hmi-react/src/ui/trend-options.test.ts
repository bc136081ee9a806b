import { describe, expect, it } from "vitest";
import { aTag } from "@/testing/samples";
import { axesIn, chartOptions, decimals, penOf } from "./trend-options";

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
    const { axes } = chartOptions([level, flow, pump], { scheme: "light" });
    expect(axes?.slice(1).map((axis) => [axis.scale, axis.label])).toEqual([
      ["unit:m", "m"],
      ["unit:m3/h", "m³/h"],
      ["switch", undefined],
    ]);
  });

  it("have the words of states", () => {
    const axis = chartOptions([valve], { scheme: "light" }).axes?.[1];
    const values = axis?.values as (plot: unknown, splits: number[], at: number, space: number, step: number) => string[];
    expect(values(null, [0, 1, 2, 3], 0, 0, 1)).toEqual(["Closed", "", "", "Open"]);
  });

  it("are as many as there is room for, in the order of the pens, and one at least", () => {
    expect([320, 1300].map(axesIn)).toEqual([2, 8]);
    expect(axesIn(0)).toBe(1);
    const { axes, scales } = chartOptions([level, flow, pump], { scheme: "light", room: 2 });
    expect(axes?.slice(1).map((axis) => axis.scale)).toEqual(["unit:m", "unit:m3/h"]);
    expect(Object.keys(scales ?? {})).toContain("switch");
  });

  it("have the colour of their pen if they are of one alone", () => {
    const { axes, series } = chartOptions([level, level, flow], { scheme: "light" });
    expect(axes?.[2]?.stroke).toBe(series[5]?.stroke);
    expect([series[1]?.stroke, series[3]?.stroke]).not.toContain(axes?.[1]?.stroke);
  });

  it("print as many digits as their steps differ in", () => {
    expect([10, 2.5, 0.1, 0.25, 0.005].map(decimals)).toEqual([0, 1, 1, 2, 3]);
  });

  it("reach the limits that are shown", () => {
    const { scales } = chartOptions([level], { scheme: "light", reach: () => [10] });
    const range = scales?.["unit:m"]?.range as (plot: unknown, low: number, high: number) => [number, number];
    expect(range(null, 1, 2)[1]).toBeGreaterThan(10);
  });
});

describe("lines of a trend", () => {
  it("are two for each pen, the uncertain one dashed, and two thinner ones of an earlier time", () => {
    const { series } = chartOptions([level, flow], { scheme: "dark", compared: true });
    expect(series).toHaveLength(9);
    expect(series[1]?.dash).toBeUndefined();
    expect(series[2]?.dash).toBeDefined();
    expect(series[5]?.width).toBeLessThan(series[1]?.width ?? 0);
  });
});
