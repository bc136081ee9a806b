import { describe, expect, it } from "vitest";
import { DAY, fieldText, instantOf, isPeriod, ownPeriod, rangeOf } from "./period";

describe("a period", () => {
  it("ends now and began a while ago", () => {
    expect(rangeOf("UTC", DAY, 1_800_000_000)).toEqual({ start: 1_800_000_000 - 86_400, end: 1_800_000_000 });
  });

  it("is typed in the zone in which times are shown", () => {
    expect(fieldText("Europe/Vienna", 1_800_000_000)).toBe("2027-01-15T09:00");
    expect(instantOf("Europe/Vienna", "2027-01-15T09:00")).toBe(1_800_000_000);
    expect(instantOf("Europe/Vienna", "2027-07-01T09:00")).toBe(Date.parse("2027-07-01T07:00Z") / 1000);
    expect(instantOf("UTC", "")).toBeNull();
  });

  it("keeps its time on both sides of a change of the clocks", () => {
    for (const time of ["2027-03-28T01:59", "2027-03-28T03:00", "2027-10-31T01:59", "2027-10-31T03:00"]) {
      expect(fieldText("Europe/Vienna", instantOf("Europe/Vienna", time) ?? 0)).toBe(time);
    }
  });

  it("begins with the length that was chosen before, and must not be backwards", () => {
    const own = ownPeriod("UTC", DAY, 1_800_000_000);
    expect(own).toEqual({ length: null, from: "2027-01-14T08:00", to: "2027-01-15T08:00" });
    expect(isPeriod("UTC", own)).toBe(true);
    expect(isPeriod("UTC", { ...own, from: own.to })).toBe(false);
    expect(ownPeriod("UTC", { ...own, length: 3600 }, 0)).toEqual(own);
  });
});
