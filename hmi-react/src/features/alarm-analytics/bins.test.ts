import { afterEach, describe, expect, it } from "vitest";
import { clearDisplay, setDisplay } from "@/ui/display";
import { barsOf, cumulated, groupsOf, roundUp, sharesOf, ticksOf } from "./bins";

const at = (text: string): number => Date.parse(text) / 1000;

afterEach(clearDisplay);

describe("bars over time", () => {
  const start = at("2026-03-01T00:00:00Z");

  it("are of 10 minutes for a day, and lose none of the alarms when they are wider", () => {
    const series = Array.from({ length: 24 * 30 }, (_, hour) => ({ start: start + hour * 3600, count: hour % 3 }));
    expect(barsOf({ start, end: start + 86_400, series: series.slice(0, 24) })).toMatchObject({ binS: 600, max: 2 });
    const month = barsOf({ start, end: start + 30 * 86_400, series });
    expect(month.binS).toBe(21_600);
    expect(month.bars.reduce((sum, bar) => sum + bar.count, 0)).toBe(series.reduce((sum, one) => sum + one.count, 0));
    expect(barsOf({ start, end: start + 366 * 86_400, series }).binS).toBe(86_400);
  });

  it("begin their days at midnight where the user is", () => {
    setDisplay({ zone: "Asia/Tokyo" });
    const { bars } = barsOf({ start, end: start + 366 * 86_400, series: [{ start: at("2026-03-01T14:00:00Z"), count: 1 }, { start: at("2026-03-01T15:00:00Z"), count: 2 }] });
    expect(bars).toEqual([{ start: at("2026-02-28T15:00:00Z"), count: 1 }, { start: at("2026-03-01T15:00:00Z"), count: 2 }]);
  });

  it("are marked at round times where the user is", () => {
    setDisplay({ zone: "Asia/Kathmandu" });
    expect(ticksOf(start, start + 86_400, 4)).toEqual({ step: 21_600, times: ["00:15", "06:15", "12:15", "18:15"].map((clock) => at(`2026-03-01T${clock}:00Z`)) });
  });

  it("end at a round number", () => {
    expect([0, 3, 7, 13, 21, 90, 500].map(roundUp)).toEqual([1, 3, 8, 15, 30, 100, 500]);
  });
});

it("periods are grouped by how many alarms came in them", () => {
  const groups = groupsOf([{ alarms: 0, periods: 90 }, { alarms: 4, periods: 6 }, { alarms: 11, periods: 3 }, { alarms: 70, periods: 1 }]);
  expect(groups.map(({ label, share }) => [label, share])).toEqual([["0", 0.9], ["1", 0], ["2", 0], ["3–5", 0.06], ["6–10", 0], ["11–20", 0.03], ["> 20", 0.01]]);
  expect(groups.filter((group) => group.tooMany).map((group) => group.label)).toEqual(["11–20", "> 20"]);
  expect(groupsOf([]).every((group) => group.share === 0)).toBe(true);
});

it("the top adds up, and never to more than all", () => {
  expect(cumulated([{ alarm: "a", count: 3, share: 0.75 }, { alarm: "b", count: 1, share: 0.2500001 }]).map((one) => one.together)).toEqual([0.75, 1]);
});

it("journal-only alarms have no share of the mix", () => {
  expect(sharesOf({ "2": 1, "4": 3, "5": 10 }).map((one) => [one.count, one.share])).toEqual([[0, 0], [1, 0.25], [0, 0], [3, 0.75], [10, 0]]);
});
