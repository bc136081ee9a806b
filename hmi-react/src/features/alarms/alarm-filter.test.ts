import { describe, expect, it } from "vitest";
import { anAlarm } from "@/testing/samples";
import { filterAlarms, mergeAlarms } from "./alarm-filter";

const all = { show: "all", text: "", area: "", priority: "" } as const;

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
    expect(names({ show: "unack" })).toEqual(["a"]);
    expect(names({ show: "active" })).toEqual(["a", "b"]);
    expect(names({ area: "y" })).toEqual(["b"]);
    expect(names({ priority: "1" })).toEqual(["a"]);
    expect(names({ text: "trip PUMP" })).toEqual(["b"]);
  });
});
