import { describe, expect, it } from "vitest";
import { bodyDiff } from "./body-words";

describe("definitions", () => {
  it("tells where two definitions differ, also where one has nothing", () => {
    expect(bodyDiff({ name: "A", range: [0, 5], unit: "m" }, { name: "A", range: [0, 6], area: "x" })).toEqual([
      ["range", "0, 5", "0, 6"],
      ["unit", "m", ""],
      ["area", "", "x"],
    ]);
  });
});
