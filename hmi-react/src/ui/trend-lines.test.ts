import { describe, expect, it } from "vitest";
import type { LineLook } from "./trend-line";
import { TrendLines } from "./trend-lines";
import { pointsOf } from "./trend-points";

const look = (over: Partial<LineLook> = {}): LineLook => ({ colour: "#000", width: 1, stepped: false, slope: 1, shift: 0, later: 0, ...over });
const sure = (time: number[], value: number[]) => pointsOf(time, value, time.map(() => true));

const lines = new TrendLines(["m", "degF", "m"], [look(), look({ slope: 1.8, shift: 32 }), look()], [look({ later: 100 })]);
lines.take([sure([10, 20], [1, 2]), sure([10, 30], [100, 100]), sure([], [])], [sure([-90], [7])], 0, 25);

describe("the lines of a chart", () => {
  it("reach with all pens of an axis, in the unit that is shown and with those of an earlier time", () => {
    expect([lines.reach("m"), lines.reach("degF"), lines.reach("other")]).toEqual([[1, 7], [212, 212], []]);
  });

  it("tell what each pen shows at a time", () => {
    expect(lines.valuesAt(15)).toEqual([1, 212, null]);
  });

  it("end within the span, if at all", () => {
    expect(lines.ends()).toEqual([{ time: 20, value: 2 }, { time: 25, value: 212 }, null]);
  });
});
