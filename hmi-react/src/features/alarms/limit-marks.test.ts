import { describe, expect, it } from "vitest";
import type { Body } from "@/api/tags";
import { draftOf } from "./definition-draft";
import { limitTags, marksOf } from "./limit-marks";

const tag = { unit: "m", range: [0, 10] as const };
const quantities = [{ id: "length", name: "length", units: [{ id: "m", symbol: "m", name: "", factor: 1, offset: 0 }, { id: "cm", symbol: "cm", name: "", factor: 0.01, offset: 0 }] }];
const marks = (condition: Body, setpoint: number | null = null) => marksOf(draftOf({ condition }), tag, quantities, setpoint);

describe("limits in the trend", () => {
  it("lie where they are typed, with the deadband on the side where the alarm is held", () => {
    expect(marks({ kind: "high", limit: 8, deadband: 0.5 })).toEqual({ lines: [8], bands: [[7.5, 8]] });
    expect(marks({ kind: "low", limit: 2, deadband: 0.5 })).toEqual({ lines: [2], bands: [[2, 2.5]] });
    expect(marks({ kind: "levels", low: { limit: 2, deadband: 0.5 }, high: { limit: 8 }, high_high: { limit: 9, deadband: 0.25 } })).toEqual({ lines: [9, 8, 2], bands: [[8.75, 9], [2, 2.5]] });
  });

  it("are in the unit of the tag, and a share is one of its range", () => {
    expect(marks({ kind: "high", limit: 800, deadband: 50, unit: "cm" })).toEqual({ lines: [8], bands: [[7.5, 8]] });
    expect(marks({ kind: "high", limit: 8, deadband: "5 %" })).toEqual({ lines: [8], bands: [[7.5, 8]] });
  });

  it("lie around a setpoint, also one that moves", () => {
    const sides = { high: { limit: 2, deadband: 0.5 }, low: { limit: 1 } };
    expect(marks({ kind: "deviation", ...sides, setpoint: 5 })).toEqual({ lines: [7, 4], bands: [[6.5, 7]] });
    expect(marks({ kind: "deviation", ...sides, setpoint_tag: "SP" }, 6)).toEqual({ lines: [8, 5], bands: [[7.5, 8]] });
    expect(marks({ kind: "deviation", high: { limit: 50 }, setpoint: 500, unit: "cm" })).toEqual({ lines: [5.5], bands: [] });
    expect(marks({ kind: "deviation", ...sides, setpoint_tag: "SP" })).toBeNull();
  });

  it("have no place while they are no number or another tag's, which is drawn instead", () => {
    expect(marks({ kind: "high", limit: "x" })).toBeNull();
    expect(marks({ kind: "high", limit_tag: "MAX" })).toBeNull();
    expect(limitTags(draftOf({ condition: { kind: "levels", low: { limit_tag: "MIN" }, high: { limit_tag: "MAX" }, high_high: { limit: 9 } } }))).toEqual(["MAX", "MIN"]);
    expect(limitTags(draftOf({ condition: { kind: "deviation", high: { limit: 1 }, setpoint_tag: "SP" } }))).toEqual(["SP"]);
    expect(limitTags(draftOf({ condition: { kind: "discrepancy", other: "B" } }))).toEqual(["B"]);
    expect(marks({ kind: "bool" })).toBeNull();
  });
});
