import { describe, expect, it } from "vitest";
import { checkWords, filterWords, outputWords, recordingWords, scaleWords } from "./definition-facts";

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

  it("tells how a tag is recorded", () => {
    expect(recordingWords({ mode: "periodic", interval_s: 10, deadband: null })).toBe("periodic (interval_s 10)");
    expect(recordingWords({ mode: "change", interval_s: null })).toBe("change");
    expect(recordingWords(null)).toBe("");
  });
});
