import { describe, expect, it } from "vitest";
import { aTag } from "@/testing/samples";
import { changed, draftOf, kindIn, KINDS, limitKeys, suggestedName, suits, usualKind } from "./definition-draft";

const level = aTag();
const mode = aTag({ name: "MODE", type: "enum", states: { "0": "off", "1": "on" } });
const up = aTag({ name: "LINK.plant.UP", type: "bool" });

describe("draft of an alarm", () => {
  it("has each of several limits with what belongs to it", () => {
    const { kind, limits } = draftOf({ condition: { kind: "levels", low: { limit: 2, deadband: 0.5 }, high_high: { limit_tag: "MAX", priority: 1 } } });
    expect(kind).toBe("levels");
    expect(limits.low).toEqual({ on: true, from: "number", limit: "2", limit_tag: "", deadband: "0.5", priority: "" });
    expect(limits.high_high).toMatchObject({ on: true, from: "tag", limit_tag: "MAX", priority: "1" });
    expect([limits.high.on, limits.low_low.on]).toEqual([false, false]);
  });

  it("has the sides of a deviation where a high and a low limit would be", () => {
    const { limits, setpointFrom } = draftOf({ condition: { kind: "deviation", low: { limit: 3 }, setpoint_tag: "SP" } });
    expect([limits.above.on, limits.below.on, limits.below.limit, setpointFrom]).toEqual([false, true, "3", "tag"]);
  });

  it("keeps what it does not know, and does not take one kind of condition for another", () => {
    expect(draftOf({ name: "A", colour: "red" }).rest).toEqual({ colour: "red" });
    expect(kindIn({ condition: { kind: "of tomorrow" } })).toBeNull();
  });

  it("is usually for what its tag can be judged by", () => {
    expect([level, mode, up, aTag({ type: "bool" }), aTag({ type: "string" })].map(usualKind)).toEqual(["high", "discrete", "comms", "bool", "bad_quality"]);
    expect(KINDS.filter((kind) => !suits(kind, mode))).toEqual(["high", "low", "levels", "deviation", "rate_of_change", "bool", "comms"]);
    expect(KINDS.filter((kind) => limitKeys(kind).length > 0)).toEqual(["high", "low", "levels", "deviation"]);
  });

  it("is named by tag and kind until somebody types a name", () => {
    const first = draftOf({ name: "A.H", tag: "A", condition: { kind: "high" } });
    const low = changed(first, { kind: "low" }, true);
    expect(low.name).toBe("A.L");
    expect(changed(low, { tag: "B" }, true).name).toBe("B.L");
    expect(changed(changed(low, { name: "MINE" }, true), { kind: "high" }, true).name).toBe("MINE");
    expect(changed(first, { kind: "low" }, false).name).toBe("A.H");
    expect(suggestedName({ tag: "LINK.plant.UP", kind: "comms" })).toBe("LINK.plant.COMMS");
  });
});
