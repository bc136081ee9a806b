import { describe, expect, it } from "vitest";
import { anAlarm } from "@/testing/samples";
import { soundingKeys, stillSilenced } from "./use-alarm-sound";

describe("the horn", () => {
  it("is for what is unacknowledged, also when it has returned, and not for diagnostic alarms", () => {
    const sounding = [anAlarm({ name: "a" }), anAlarm({ name: "b", state: "RTNUN" }), anAlarm({ name: "c", state: "LUNACK" })];
    const quiet = [anAlarm({ name: "d", state: "ACKED" }), anAlarm({ name: "e", priority: 5 }), anAlarm({ name: "f", state: "LACK" })];
    expect(soundingKeys([...sounding, ...quiet])).toHaveLength(3);
  });

  it("sounds again for another occurrence, and for one that has become worse", () => {
    const [key] = soundingKeys([anAlarm()]);
    expect(soundingKeys([anAlarm({ occurrence_id: "two" })])).not.toEqual([key]);
    expect(soundingKeys([anAlarm({ priority: 1, limit: 4.8 })])).not.toEqual([key]);
  });

  it("stays silenced while the alarm stands, and sounds when it is announced again after it was acknowledged", () => {
    const keys = soundingKeys([anAlarm()]);
    const silenced = new Set(keys);
    expect(stillSilenced(silenced, keys)).toBe(silenced);
    expect(stillSilenced(silenced, []).size).toBe(0);
  });
});
