import { describe, expect, it } from "vitest";
import { anAlarm } from "@/testing/samples";
import { areasOf, countShows, filterAlarms, groupAlarms, mergeAlarms } from "./alarm-filter";

const all = { show: "all", text: "", area: "", priority: "", state: "" } as const;

describe("alarm list", () => {
  it("shows the present state, and normal for what is no longer present", () => {
    const merged = mergeAlarms([anAlarm({ name: "a", state: "UNACK" }), anAlarm({ name: "b", state: "NORM" })], [anAlarm({ name: "b", state: "ACKED" })]);
    expect(merged.map((alarm) => [alarm.name, alarm.state])).toEqual([
      ["a", "NORM"],
      ["b", "ACKED"],
    ].toReversed());
  });

  it("includes an alarm that was added after the list was read", () => {
    expect(mergeAlarms([], [anAlarm({ name: "new" })])).toHaveLength(1);
  });

  it("filters by state, area, priority and words", () => {
    const alarms = [anAlarm({ name: "a", area: "x", priority: 1 }), anAlarm({ name: "b", state: "ACKED", area: "y", description: "Pump tripped" }), anAlarm({ name: "c", state: "NORM", active: false })];
    const names = (filter: Partial<Parameters<typeof filterAlarms>[1]>): string[] => filterAlarms(alarms, { ...all, ...filter }).map((alarm) => alarm.name);
    expect(names({ show: "present" })).toEqual(["a", "b"]);
    expect(names({ state: "unack" })).toEqual(["a"]);
    expect(names({ state: "ACKED" })).toEqual(["b"]);
    expect(names({ area: "y" })).toEqual(["b"]);
    expect(names({ priority: "1" })).toEqual(["a"]);
    expect(names({ text: "trip PUMP" })).toEqual(["b"]);
  });

  it("takes an area with all below it, and no other that begins alike", () => {
    const alarms = [anAlarm({ name: "a", area: "north" }), anAlarm({ name: "b", area: "north/tank" }), anAlarm({ name: "c", area: "northern" })];
    expect(filterAlarms(alarms, { ...all, area: "north" }).map((alarm) => alarm.name)).toEqual(["a", "b"]);
    expect(areasOf(alarms)).toEqual(["north", "north/tank", "northern"]);
  });

  it("has lists of what is kept silent, by the reason; the state of these is the one underneath", () => {
    const alarms = [
      anAlarm({ name: "a" }),
      anAlarm({ name: "b", state: "SHLVD", core_state: "UNACK", silent_until: 9 }),
      anAlarm({ name: "c", state: "OOSRV", core_state: "NORM", silent_until: 9 }),
      anAlarm({ name: "d", state: "DSUPR", core_state: "ACKED" }),
    ];
    const names = (over: Partial<Parameters<typeof filterAlarms>[1]>): string[] => filterAlarms(alarms, { ...all, ...over }).map((alarm) => alarm.name);
    expect([names({ show: "present" }), names({ show: "shelved" }), names({ show: "suppressed" }), names({ show: "out" })]).toEqual([["a"], ["b", "c"], ["d"], ["c"]]);
    expect(countShows(alarms)).toEqual({ present: 1, shelved: 2, suppressed: 1, out: 1, all: 4 });
    expect(names({ state: "unack" })).toEqual(["a", "b"]);
  });

  it("is grouped by area or priority, each group in the order of the list", () => {
    const alarms = [anAlarm({ name: "a", area: "y", priority: 1 }), anAlarm({ name: "b", area: "x", priority: 4 }), anAlarm({ name: "c", area: "y", priority: 4 })];
    const groups = (by: "none" | "area" | "priority"): string[] => groupAlarms(alarms, by).map((group) => `${group.key}:${group.alarms.map((alarm) => alarm.name).join("")}`);
    expect(groups("none")).toEqual([":abc"]);
    expect(groups("area")).toEqual(["x:b", "y:ac"]);
    expect(groups("priority")).toEqual(["1:a", "4:bc"]);
  });
});
