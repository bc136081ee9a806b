import { describe, expect, it } from "vitest";
import { anAlarm } from "@/testing/samples";
import { isNews, soundingOf, stillSilenced } from "./use-alarm-sound";

describe("the horn", () => {
  it("is for what is unacknowledged, also when it has returned, and not for diagnostic alarms", () => {
    const sounding = [anAlarm({ name: "a" }), anAlarm({ name: "b", state: "RTNUN" }), anAlarm({ name: "c", state: "LUNACK" })];
    const quiet = [anAlarm({ name: "d", state: "ACKED" }), anAlarm({ name: "e", priority: 5 }), anAlarm({ name: "f", state: "LACK" })];
    expect(soundingOf([...sounding, ...quiet]).size).toBe(3);
  });

  it("sounds again for another occurrence and for what has become worse, not for what has become better", () => {
    const silenced = soundingOf([anAlarm({ priority: 3, level: "high" })]);
    const news = (over: Parameters<typeof anAlarm>[0]): boolean => isNews(soundingOf([anAlarm({ priority: 3, level: "high", ...over })]), silenced);
    expect(news({})).toBe(false);
    expect(news({ state: "RTNUN" })).toBe(false);
    expect(news({ occurrence_id: "two" })).toBe(true);
    expect(news({ priority: 1 })).toBe(true);
    expect(news({ level: "high_high" })).toBe(true);
    expect(news({ priority: 4 })).toBe(false);
  });

  it("stays silenced while the alarm stands, and sounds when it is announced again after it was acknowledged", () => {
    const silenced = soundingOf([anAlarm()]);
    expect(stillSilenced(silenced, soundingOf([anAlarm()]))).toBe(silenced);
    expect(stillSilenced(silenced, new Map()).size).toBe(0);
  });
});
