import { describe, expect, it } from "vitest";
import { bodyOf, draftOf, marksOf, mistakesIn } from "./definition-draft";

const body = { name: "A.H", tag: "A", condition: { kind: "high", limit: 8, deadband: 0.5 }, latched: true };
const tag = { unit: "m", range: [0, 10] as const };
const quantities = [{ id: "length", name: "length", units: [{ id: "m", symbol: "m", name: "", factor: 1, offset: 0 }, { id: "cm", symbol: "cm", name: "", factor: 0.01, offset: 0 }] }];

const marks = (condition: Record<string, unknown>, over = {}) => marksOf({ ...body, condition }, { ...draftOf({ ...body, condition }), ...over }, tag, quantities);

describe("definition of an alarm", () => {
  it("keeps what the form does not know", () => {
    const next = bodyOf(body, { ...draftOf(body), limit: "7,5", deadband: "0", cause: " stuck " });
    expect(next).toMatchObject({ name: "A.H", latched: true, condition: { kind: "high", limit: 7.5, deadband: 0 }, cause: "stuck", priority: 3 });
  });

  it("is checked while it is typed", () => {
    expect(mistakesIn(draftOf(body), true)).toEqual({});
    expect(mistakesIn({ ...draftOf(body), limit: "x", deadband: "-1", on_delay_s: "" }, true)).toEqual({ limit: "number", deadband: "positive", on_delay_s: "delay" });
  });

  it("shows limit and deadband where they would lie, on the side where the alarm is held", () => {
    expect(marks({ kind: "high", limit: 8, deadband: 0.5 })).toEqual({ lines: [8], band: [7.5, 8] });
    expect(marks({ kind: "low", limit: 2, deadband: 0.5 })).toEqual({ lines: [2], band: [2, 2.5] });
    expect(marks({ kind: "high", limit: 8, deadband: 0 })).toEqual({ lines: [8], band: null });
    expect(marks({ kind: "high", limit: 8, deadband: 0.5 }, { limit: "8." })).toEqual({ lines: [8], band: [7.5, 8] });
    expect(marks({ kind: "high", limit: 8, deadband: 0.5 }, { limit: "-" })).toBeNull();
    expect(marks({ kind: "high", limit: 800, deadband: 50, unit: "cm" })).toEqual({ lines: [8], band: [7.5, 8] });
    expect(marks({ kind: "high", limit: 8, deadband: 0 }, { deadband: "5 %" })).toEqual({ lines: [8], band: [7.5, 8] });
  });
});
