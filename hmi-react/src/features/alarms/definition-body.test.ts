import { describe, expect, it } from "vitest";
import "@/i18n";
import type { Body } from "@/api/tags";
import { alarmSchema } from "@/testing/alarm-schema";
import { aTag } from "@/testing/samples";
import { bodyOf, type Result } from "./definition-body";
import { draftOf, type DefinitionDraft } from "./definition-draft";
import { rulesOf } from "./definition-schema";

const rules = rulesOf(alarmSchema());

/** What comes of a definition whose form was changed in this way. */
function result(condition: Body, over: Partial<DefinitionDraft> = {}, more: Body = {}): Result {
  return bodyOf({ ...draftOf({ name: "A.H", tag: "A", condition, ...more }), ...over }, rules, aTag({ name: "A", type: "enum", states: { "0": "off", "2": "fault" } }));
}

const conditionOf = (condition: Body, over: Partial<DefinitionDraft> = {}): unknown => result(condition, over).body["condition"];
const wrong = ({ mistakes, missing }: Result): string[] => [...mistakes, ...missing].map((one) => one.field);

describe("definition that a form has come to", () => {
  it.each<Body>([
    { kind: "high", limit: 8, deadband: 0.5, unit: "cm" },
    { kind: "low", limit_tag: "MIN" },
    { kind: "high", limit: 8, deadband: "2 %" },
    { kind: "levels", low_low: { limit: 1 }, low: { limit: 2, deadband: 0.5 }, high: { limit_tag: "MAX" }, high_high: { limit: 9, priority: 1 } },
    { kind: "deviation", high: { limit: 2, deadband: 0.5 }, low: { limit: 1 }, setpoint: 10 },
    { kind: "deviation", low: { limit: 1 }, setpoint_tag: "SP" },
    { kind: "rate_of_change", rising: 0.5, window_s: 30, min_samples: 5 },
    { kind: "bool" },
    { kind: "bool", alarm_value: false },
    { kind: "discrete", values: ["fault", 7] },
    { kind: "discrepancy", other: "B", tolerance: 0.2 },
    { kind: "bad_quality" },
    { kind: "stale", timeout_s: 60 },
    { kind: "plausibility", faults: ["frozen"] },
    { kind: "comms" },
    { kind: "group", members: ["B.H", "C.H"], reflash: false },
    { kind: "correlated", members: ["B.H", "C.H", "D.H"], count: 2, window_s: 60, cooldown_s: 300 },
  ])("is the one that it began with if nothing is changed: $kind", (condition) => {
    const told = result(condition);
    expect(told.body["condition"]).toEqual(condition);
    expect(wrong(told)).toEqual([]);
  });

  it("says only what differs from the usual", () => {
    const more = { priority: 1, on_delay_s: 5, latching: true, ack_mode: "none", cause: "stuck", supersedes: ["B.H"], first_out: "trip", enabled_when: "RUN", colour: "red" };
    expect(result({ kind: "bool" }, {}, more).body).toEqual({ name: "A.H", tag: "A", condition: { kind: "bool" }, ...more });
    expect(result({ kind: "bool" }, { on_delay_s: "0", cause: "  ", latching: false }, { on_delay_s: 5, latching: true, cause: "x" }).body).toEqual({ name: "A.H", tag: "A", condition: { kind: "bool" } });
  });

  it("has no tag if it watches other alarms", () => {
    expect(result({ kind: "group", members: ["B.H"] }).body).not.toHaveProperty("tag");
  });

  it("takes numbers with a comma, and none for a deadband of nothing", () => {
    const { limits } = draftOf({ condition: { kind: "high", limit: 8 } });
    expect(conditionOf({ kind: "high", limit: 8 }, { limits: { ...limits, only: { ...limits.only, limit: "7,5", deadband: "0" } } })).toEqual({ kind: "high", limit: 7.5 });
  });

  it("tells what is missing apart from what is wrong", () => {
    const { mistakes, missing } = result({ kind: "high" }, { name: "a b", tag: "" });
    expect(mistakes.map((one) => one.field)).toEqual(["name"]);
    expect(missing.map((one) => one.field)).toEqual(["tag", "condition.limit"]);
  });

  it.each<[string, Body, string]>([
    ["levels in the wrong order", { kind: "levels", low: { limit: 3 }, high: { limit: 2 } }, "condition.high.limit"],
    ["a level below the one before last", { kind: "levels", low_low: { limit: 3 }, high: { limit: 2 } }, "condition.high.limit"],
    ["a way back into the next level", { kind: "levels", high: { limit: 8 }, high_high: { limit: 9, deadband: 1 } }, "condition.high_high.deadband"],
    ["a way back to the other side", { kind: "levels", low: { limit: 2, deadband: 6 }, high: { limit: 8 } }, "condition.low.deadband"],
    ["a deadband below nothing", { kind: "high", limit: 8, deadband: -1 }, "condition.deadband"],
    ["a percentage below nothing", { kind: "high", limit: 8, deadband: "-2 %" }, "condition.deadband"],
    ["no level at all", { kind: "levels" }, "condition"],
    ["no side of a deviation", { kind: "deviation", setpoint: 1 }, "condition"],
    ["a deviation of nothing", { kind: "deviation", high: { limit: 0 }, setpoint: 1 }, "condition.high.limit"],
    ["a deviation that is never left", { kind: "deviation", low: { limit: 1, deadband: 1 }, setpoint: 1 }, "condition.low.deadband"],
    ["no setpoint", { kind: "deviation", high: { limit: 1 } }, "condition.setpoint"],
    ["no rate", { kind: "rate_of_change" }, "condition.rising"],
    ["a rate that falls below nothing", { kind: "rate_of_change", falling: -1 }, "condition.falling"],
    ["too many samples", { kind: "rate_of_change", rising: 1, min_samples: 99 }, "condition.min_samples"],
    ["no state", { kind: "discrete" }, "condition.values"],
    ["a tolerance below nothing", { kind: "discrepancy", other: "B", tolerance: -1 }, "condition.tolerance"],
    ["no time", { kind: "stale" }, "condition.timeout_s"],
    ["no time at all", { kind: "stale", timeout_s: 0 }, "condition.timeout_s"],
    ["no members", { kind: "group" }, "condition.members"],
    ["more alarms than there are members", { kind: "correlated", members: ["B.H", "C.H"], count: 3, window_s: 60 }, "condition.count"],
  ])("finds %s", (_, condition, field) => {
    expect(wrong(result(condition))).toEqual([field]);
  });

  it("compares only limits that are numbers", () => {
    expect(wrong(result({ kind: "levels", low: { limit_tag: "MIN" }, high: { limit: 2, deadband: "50 %" }, high_high: { limit: 3 } }))).toEqual([]);
  });

  it("keeps delays within what the schema says, in its words", () => {
    const { mistakes } = result({ kind: "bool" }, { on_delay_s: "-1", realarm_s: "90000" });
    expect(mistakes.map((one) => [one.field, one.message])).toEqual([
      ["on_delay_s", "Must be 0 to 86400."],
      ["realarm_s", "Must be 0 to 86400."],
    ]);
  });
});

describe("schema of alarms", () => {
  it("tells kinds, fields and limits that the runtime knows", () => {
    const older = rulesOf(alarmSchema(["deviation", "group"]));
    expect(older.kinds).not.toContain("deviation");
    expect(older.kinds).toContain("levels");
    expect([older.knows("first_out"), older.knows("high.limit_tag"), older.knows("levels.high.limit_tag"), older.knows("guess"), older.knows("deviation.high")]).toEqual([true, true, true, false, false]);
    expect([older.most("cause"), older.most("display"), older.most("first_out")]).toEqual([1000, 120, undefined]);
    expect([older.takesShare("high.deadband"), older.takesShare("levels.low.deadband"), older.takesShare("high.limit")]).toEqual([true, true, false]);
    expect(older.span("rate_of_change.min_samples")).toEqual({ least: 2, most: 32 });
  });
});
