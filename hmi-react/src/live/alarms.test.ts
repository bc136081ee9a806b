import { describe, expect, it } from "vitest";
import { anAlarm } from "@/testing/samples";
import { countAlarms, mostImportant } from "./alarm-order";
import { PlantStore, viewOf } from "./plant-store";

const names = (alarms: readonly { name: string }[]): string[] => alarms.map((alarm) => alarm.name);

describe("order of alarms", () => {
  it("puts unacknowledged first, then priority, then still active, then newest", () => {
    const view = viewOf([
      anAlarm({ name: "acked", priority: 1, state: "ACKED", acked: true }),
      anAlarm({ name: "old", priority: 2, active_time: 1 }),
      anAlarm({ name: "new", priority: 2, active_time: 2 }),
      anAlarm({ name: "returned", priority: 2, state: "RTNUN", active: false, active_time: 9 }),
      anAlarm({ name: "low", priority: 4, active_time: 99 }),
      anAlarm({ name: "urgent", priority: 1, active_time: 0 }),
    ]);
    expect(names(view.items)).toEqual(["urgent", "new", "old", "returned", "low", "acked"]);
  });

  it("offers only unacknowledged alarms to the strip, the most important ones", () => {
    const alarms = [1, 2, 3, 4].map((priority) => anAlarm({ name: `p${priority}`, priority }));
    expect(names(mostImportant([...alarms, anAlarm({ name: "acked", priority: 1, state: "ACKED" })].toReversed(), 3))).toEqual(["p1", "p2", "p3"]);
  });

  it("counts by state and priority without the normal ones", () => {
    const counts = countAlarms([
      anAlarm({ priority: 1 }),
      anAlarm({ priority: 2, state: "ACKED" }),
      anAlarm({ priority: 2, state: "RTNUN", active: false }),
      anAlarm({ priority: 3, state: "NORM", active: false }),
    ]);
    expect(counts).toEqual({ unack: 2, active: 2, by_priority: { 1: 1, 2: 2 } });
  });
});

describe("alarms as pushed", () => {
  it("takes changes over and drops what became normal", () => {
    const store = new PlantStore();
    store.alarmsSnapshot([anAlarm({ name: "a" }), anAlarm({ name: "b" })]);
    store.alarmsChanged([anAlarm({ name: "a", state: "NORM", active: false }), anAlarm({ name: "c", tag: "FT101" })]);
    expect(names(store.alarms.get().items)).toEqual(["b", "c"]);
    expect(names(store.alarms.get().byTag.get("FT101") ?? [])).toEqual(["c"]);
  });

  it("forgets alarms that ended while the connection was lost", () => {
    const store = new PlantStore();
    store.alarmsSnapshot([anAlarm({ name: "a" })]);
    store.alarmsSnapshot([]);
    expect(store.alarms.get().items).toEqual([]);
  });
});
