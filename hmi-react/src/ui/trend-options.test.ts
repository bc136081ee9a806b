import { describe, expect, it } from "vitest";
import { aTag } from "@/testing/samples";
import { chartOptions, penOf } from "./trend-options";

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
    const { axes } = chartOptions([level, flow, pump], "light", false);
    expect(axes?.slice(1).map((axis) => [axis.scale, axis.label])).toEqual([
      ["unit:m", "m"],
      ["unit:m3/h", "m³/h"],
      ["switch", undefined],
    ]);
  });

  it("have the words of states", () => {
    const axis = chartOptions([valve], "light", false).axes?.[1];
    const values = axis?.values as (plot: unknown, splits: number[], at: number, space: number, step: number) => string[];
    expect(values(null, [0, 1, 2, 3], 0, 0, 1)).toEqual(["Closed", "", "", "Open"]);
  });
});
