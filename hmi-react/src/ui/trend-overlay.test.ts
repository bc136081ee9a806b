import { describe, expect, it } from "vitest";
import type { Occurrence } from "@/api/alarm-history";
import { aTag } from "@/testing/samples";
import { penOf } from "./trend-options";
import { limitLines, overlayReach, periodsOf } from "./trend-overlay";

function occurred(raised: number, returned: number | null, over: Partial<Occurrence> = {}): Occurrence {
  return { alarm: "L.H", tag: "L", priority: 2, raised, returned, closed: null, ...over } as Occurrence;
}

describe("alarm periods", () => {
  it("last from when the alarm was raised until it returned, or go on", () => {
    expect(periodsOf([occurred(60, null), occurred(10, 20)], 0, 100)).toEqual([
      { tag: "L", alarm: "L.H", priority: 2, start: 10, end: 20 },
      { tag: "L", alarm: "L.H", priority: 2, start: 60, end: null },
    ]);
  });

  it("are left out if they ended before the span or begin after it, and kept if they only reach into it", () => {
    const found = periodsOf([occurred(1, 10), occurred(5, 15), occurred(19, 30), occurred(20, 30, { alarm: "L.HH" })], 10, 20);
    expect(found.map((period) => period.start)).toEqual([5, 19]);
  });

  it("end when the occurrence was closed if the alarm never returned", () => {
    expect(periodsOf([occurred(10, null, { closed: 30 })], 0, 100)[0]?.end).toBe(30);
  });

  it("are joined where one alarm goes on without a break, not across alarms", () => {
    const found = periodsOf([occurred(10, 20), occurred(20, 30), occurred(15, 18, { alarm: "L.HH" })], 0, 100);
    expect(found.map(({ alarm, start, end }) => [alarm, start, end])).toEqual([["L.H", 10, 30], ["L.HH", 15, 18]]);
  });
});

describe("alarm limits", () => {
  it("are named by what is not the tag's name", () => {
    expect(limitLines(1, "L", [{ name: "L.H", value: 4 }, { name: "other", value: 2 }], null)).toEqual([
      { pen: 1, label: "H", value: 4 },
      { pen: 1, label: "other", value: 2 },
    ]);
  });

  it("are reached by the axis of their pen alone", () => {
    const pens = [penOf("L", aTag({ unit: "m" })), penOf("F", aTag({ name: "F", unit: "m3/h" }))];
    const overlay = { limits: limitLines(1, "F", [{ name: "F.H", value: 90 }], null), periods: [], cursors: null };
    expect(overlayReach(overlay, pens, "unit:m3/h")).toEqual([90]);
    expect(overlayReach(overlay, pens, "unit:m")).toEqual([]);
  });
});
