import { describe, expect, it } from "vitest";
import { complaintsOf, degrees, draftOf, fieldsOf, kmText, typedNumber } from "./point-draft";

const point = { id: 3, segment: "north", km: 12.5, latitude: -52.25, longitude: 13, elevation: null };

describe("typedNumber", () => {
  it("takes numbers as people write them", () => {
    expect([" 12.5", "12,5", "\u22121", "12+345", "-1+250,5", "0"].map(typedNumber)).toEqual([12.5, 12.5, -1, 12.345, -1.2505, 0]);
    expect(["", "x", "1 2", "12+34"].map(typedNumber)).toEqual([NaN, NaN, NaN, NaN]);
  });
});

describe("a draft", () => {
  it("begins with the point and gives it back", () => {
    const draft = draftOf(point, "");
    expect(complaintsOf(draft)).toEqual({});
    expect(fieldsOf(draft)).toEqual({ segment: "north", km: 12.5, latitude: -52.25, longitude: 13, elevation: null });
  });

  it("of a new point has the segment that is looked at, and lacks the rest", () => {
    const draft = draftOf(null, "south");
    expect(draft.segment).toBe("south");
    expect(complaintsOf(draft)).toEqual({ km: "missing", latitude: "missing", longitude: "missing" });
  });

  it("is complained of by field", () => {
    expect(complaintsOf({ segment: " ", km: "x", latitude: "91", longitude: "-180.5", elevation: "deep" })).toEqual({
      segment: "missing",
      km: "number",
      latitude: "range",
      longitude: "range",
      elevation: "number",
    });
  });
});

describe("figures", () => {
  it("are short and have a true minus", () => {
    expect(degrees(-52.25)).toBe("\u221252.250000");
    expect([12.5, 100, -0.000001, 1.2345678].map(kmText)).toEqual(["12.5", "100", "\u22120.000001".replace("0.000001", "0.000001"), "1.234568"]);
  });
});
