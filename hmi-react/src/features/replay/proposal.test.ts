import { describe, expect, it } from "vitest";
import { faultOf, hasField, isChanged, isFaulty, proposedBody, todayOf } from "./proposal";

const high = { name: "A", tag: "LT", condition: { kind: "high", limit: 8, unit: "m" }, on_delay_s: 2 };
const comms = { name: "C", tag: "LINK.plc.UP", condition: { kind: "comms" } };

describe("a proposal", () => {
  it("knows what an alarm has and what it is today", () => {
    expect([hasField(high, "limit"), hasField(comms, "limit"), hasField(comms, "deadband"), hasField(comms, "off_delay_s")]).toEqual([true, false, false, true]);
    expect([todayOf(high, "limit"), todayOf(high, "deadband"), todayOf(high, "on_delay_s"), todayOf(high, "off_delay_s")]).toEqual([8, 0, 2, 0]);
  });

  it("changes only what was typed otherwise, and never the body of today", () => {
    expect(isChanged(high, {})).toBe(false);
    expect(isChanged(high, { limit: "8.0", deadband: "0" })).toBe(false);
    expect(isChanged(high, { deadband: "0,5" })).toBe(true);
    expect(proposedBody(high, { deadband: "0,5", off_delay_s: "3" })).toEqual({ ...high, condition: { kind: "high", limit: 8, unit: "m", deadband: 0.5 }, off_delay_s: 3 });
    expect(high.condition).toEqual({ kind: "high", limit: 8, unit: "m" });
  });

  it("tells what is no number, and what must not be negative", () => {
    expect([faultOf("limit", "much"), faultOf("limit", "-3"), faultOf("deadband", "-3"), faultOf("on_delay_s", "")]).toEqual(["number", null, "negative", "number"]);
    expect([isFaulty({ limit: "\u22123" }), isFaulty({ off_delay_s: "-1" })]).toEqual([false, true]);
  });
});
