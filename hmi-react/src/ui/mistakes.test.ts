import { describe, expect, it } from "vitest";
import { aMistake, errorAt, leftOver, mistakeText } from "./mistakes";

describe("mistakes", () => {
  const mistakes = [aMistake("range", "low must be below high"), aMistake("scale.raw.0", "must be finite"), aMistake("filters[1].samples", "2 to 1000"), aMistake("", "name taken")];

  it("are shown at their fields, or at the part of the form that holds the field", () => {
    expect(errorAt(mistakes, "range")).toBe("low must be below high");
    expect(errorAt(mistakes, "scale")).toBe("must be finite");
    expect(errorAt(mistakes, "filters")).toBe("2 to 1000");
    expect(errorAt(mistakes, "rang")).toBeUndefined();
  });

  it("are shown above the form where no field shows them", () => {
    expect(leftOver(mistakes, ["range", "scale", "filters"]).map((mistake) => mistake.message)).toEqual(["name taken"]);
  });

  it("tell what was probably meant", () => {
    expect(mistakeText({ ...aMistake("unit", "unknown unit"), suggestion: "bar" })).toBe("unknown unit (bar?)");
  });
});
