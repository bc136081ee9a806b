import { describe, expect, it } from "vitest";
import { bodyOf, draftOf, marksOf, mistakesIn } from "./definition-draft";

const body = { name: "A.H", tag: "A", condition: { kind: "high", limit: 8, deadband: 0.5 }, latched: true };
const tag = { unit: "m", range: [0, 10] as const };
const quantities = [{ id: "length", name: "length", units: [{ id: "m", symbol: "m", name: "", factor: 1, offset: 0 }, { id: "cm", symbol: "cm", name: "", factor: 0.01, offset: 0 }] }];

const marks = (condition: Record<string, unknown>, over = {}) => {
  const draft = draftOf({ ...body, condition });
  return marksOf({ ...body, condition }, { ...draft, limits: draft.limits.map((one) => ({ ...one, ...over })) }, tag, quantities);
};
const levels = { kind: "levels", low: { limit: 2, deadband: 0.5 }, high: { limit: 8, deadband: 0 }, high_high: { limit: 9, deadband: 0.25, priority: 1 } };

describe("definition of an alarm", () => {
  it("keeps what the form does not know", () => {
    const draft = draftOf(body);
    const next = bodyOf(body, { ...draft, limits: [{ level: "", limit: "7,5", deadband: "0" }], cause: " stuck " });
    expect(next).toMatchObject({ name: "A.H", latched: true, condition: { kind: "high", limit: 7.5, deadband: 0 }, cause: "stuck", priority: 3 });
  });

  it("has each of several limits, the highest first, with what belongs to it", () => {
    const several = { ...body, condition: levels };
    const draft = draftOf(several);
    expect(draft.limits.map((one) => one.level)).toEqual(["high_high", "high", "low"]);
    const next = bodyOf(several, { ...draft, limits: draft.limits.map((one) => (one.level === "high_high" ? { ...one, limit: "9.5" } : one)) });
    expect(next["condition"]).toEqual({ ...levels, high_high: { limit: 9.5, deadband: 0.25, priority: 1 } });
  });

  it("leaves a condition without a limit as it is", () => {
    const switched = { ...body, condition: { kind: "bool" } };
    expect(bodyOf(switched, draftOf(switched))["condition"]).toEqual({ kind: "bool" });
  });

  it("is checked while it is typed", () => {
    const draft = draftOf(body);
    expect(mistakesIn(draft)).toEqual({});
    const wrong = { ...draft, limits: [{ level: "high", limit: "x", deadband: "-1" }], on_delay_s: "" };
    expect(mistakesIn(wrong)).toEqual({ "condition.high.limit": "number", "condition.high.deadband": "positive", on_delay_s: "delay" });
  });

  it("shows limits and deadbands where they would lie, on the side where the alarm is held", () => {
    expect(marks({ kind: "high", limit: 8, deadband: 0.5 })).toEqual({ lines: [8], bands: [[7.5, 8]] });
    expect(marks({ kind: "low", limit: 2, deadband: 0.5 })).toEqual({ lines: [2], bands: [[2, 2.5]] });
    expect(marks(levels)).toEqual({ lines: [9, 8, 2], bands: [[8.75, 9], [2, 2.5]] });
    expect(marks({ kind: "high", limit: 8, deadband: 0 })).toEqual({ lines: [8], bands: [] });
    expect(marks({ kind: "high", limit: 8, deadband: 0.5 }, { limit: "8." })).toEqual({ lines: [8], bands: [[7.5, 8]] });
    expect(marks({ kind: "high", limit: 8, deadband: 0.5 }, { limit: "-" })).toBeNull();
    expect(marks({ kind: "high", limit: 800, deadband: 50, unit: "cm" })).toEqual({ lines: [8], bands: [[7.5, 8]] });
    expect(marks({ kind: "high", limit: 8, deadband: 0 }, { deadband: "5 %" })).toEqual({ lines: [8], bands: [[7.5, 8]] });
    expect(marks({ kind: "bool" })).toBeNull();
  });
});
