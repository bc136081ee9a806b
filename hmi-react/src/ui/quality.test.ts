import { describe, expect, it } from "vitest";
import { conditionOf, isForced, qualityWords, reasonOf, severityOf } from "./quality";

describe("quality", () => {
  it("has the class of its two top bits, also as a negative 32 bit number", () => {
    expect([0, 0x00960000, 0x40000000, 0x80000000, 0xc0000000, 0x808a0000 | 0].map(severityOf)).toEqual(["GOOD", "GOOD", "UNCERTAIN", "BAD", "BAD", "BAD"]);
  });

  it("says its reason in words", () => {
    expect(qualityWords(0)).toBe("GOOD");
    expect(qualityWords(0x808a0000)).toBe("BAD (not connected)");
    expect(reasonOf(0x80ab0000)).toBe("code 0x80ab0000");
  });

  it("knows a forced value", () => {
    expect(isForced(0x00960000)).toBe(true);
    expect(isForced(0)).toBe(false);
  });

  it("tells apart what is not plausible", () => {
    expect([0x40930400, 0x40930700, 0x40940500, 0x40940600, 0x40950000].map(reasonOf)).toEqual(["rate of change exceeded", "frozen", "under range", "over range", "disagrees with its redundant tag"]);
    expect([0x40930400, 0x40930700, 0x40940500, 0x40940600, 0x40950000].map(conditionOf)).toEqual(["rate", "frozen", "under_range", "over_range", "disagrees"]);
  });

  it("has a mark for every bad value, and none for a good one", () => {
    expect([0, 0x40000000, 0x00960000, 0x40900000, 0x808a0000, 0x808d0000 | 0].map(conditionOf)).toEqual([null, null, "forced", "late", "bad", "out_of_service"]);
  });
});
