import { describe, expect, it } from "vitest";
import { bodyDiff, checkWords, filterWords, outputWords, scaleWords } from "./definition-facts";

describe("definition in words", () => {
  it("tells the scale with its points", () => {
    expect(scaleWords({ scale: { raw: [0, 27648], eng: [0, 8], clamp: true } })).toBe("0 … 27648 → 0 … 8 (clamp true)");
    expect(scaleWords({})).toBe("");
  });

  it("tells filters in their order, and checks", () => {
    expect(filterWords({ filters: [{ kind: "median", samples: 5 }, { kind: "first_order", time_constant_s: 2 }] })).toEqual(["median (samples 5)", "first_order (time_constant_s 2)"]);
    expect(checkWords({ checks: { max_rate: 2, agrees_with: "B" } })).toEqual(["max_rate 2", "agrees_with B"]);
    expect(outputWords({ output: { safe: false, max_on_s: 600 } })).toBe("safe false, max_on_s 600");
  });

  it("tells where two definitions differ, also where one has nothing", () => {
    expect(bodyDiff({ name: "A", range: [0, 5], unit: "m" }, { name: "A", range: [0, 6], area: "x" })).toEqual([
      ["range", "0, 5", "0, 6"],
      ["unit", "m", ""],
      ["area", "", "x"],
    ]);
  });
});
