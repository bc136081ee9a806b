import { describe, expect, it } from "vitest";
import { instantOf, offsetMs, zonedTime } from "./zone";

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);

describe("offsetMs", () => {
  it("follows summer time to the second", () => {
    expect(offsetMs("Europe/Berlin", at("2026-03-29T00:59:59Z"))).toBe(HOUR);
    expect(offsetMs("Europe/Berlin", at("2026-03-29T01:00:00Z"))).toBe(2 * HOUR);
    expect(offsetMs("Europe/Berlin", at("2026-10-25T00:59:59Z"))).toBe(2 * HOUR);
    expect(offsetMs("Europe/Berlin", at("2026-10-25T01:00:00Z"))).toBe(HOUR);
  });

  it("knows zones that are no whole hours away, and those behind", () => {
    expect(offsetMs("Asia/Kathmandu", at("2026-01-01T00:00:00Z"))).toBe(5.75 * HOUR);
    expect(offsetMs("America/St_Johns", at("2026-01-01T00:00:00Z"))).toBe(-3.5 * HOUR);
    expect(offsetMs("UTC", at("2026-01-01T00:00:00Z"))).toBe(0);
  });

  it("is that of the browser without a zone, and none for a zone that it does not know", () => {
    const now = at("2026-07-01T12:00:00Z");
    expect(offsetMs("", now)).toBe(-new Date(now).getTimezoneOffset() * 60_000);
    expect(offsetMs("Mars/Olympus", now)).toBe(0);
    expect(offsetMs("Europe/Berlin", NaN)).toBe(0);
  });
});

describe("zonedTime", () => {
  it("tells date and time as the clocks of the zone do", () => {
    expect(zonedTime("Pacific/Auckland", at("2025-12-31T23:59:59.250Z"))).toEqual({ year: 2026, month: 1, day: 1, hour: 12, minute: 59, second: 59, millisecond: 250 });
    expect(zonedTime("Europe/Berlin", at("2026-03-29T01:00:00Z"))).toMatchObject({ hour: 3, minute: 0 });
    expect(zonedTime("America/New_York", at("2026-01-01T04:59:59Z"))).toMatchObject({ year: 2025, month: 12, day: 31, hour: 23 });
  });
});

const wall = (hour: number, month = 3, day = 29) => ({ year: 2026, month, day, hour, minute: 30 });

describe("instantOf", () => {
  it("is the instant at which the clocks of the zone show it", () => {
    expect(instantOf("Europe/Berlin", wall(1))).toBe(at("2026-03-29T00:30:00Z"));
    expect(instantOf("Europe/Berlin", wall(3))).toBe(at("2026-03-29T01:30:00Z"));
    expect(instantOf("Asia/Kathmandu", wall(0))).toBe(at("2026-03-28T18:45:00Z"));
    expect(instantOf("America/New_York", wall(23, 10, 31))).toBe(at("2026-11-01T03:30:00Z"));
    expect(instantOf("UTC", wall(12))).toBe(at("2026-03-29T12:30:00Z"));
  });

  it("goes on over the hour that is left out, and takes the first of the one that comes twice", () => {
    expect(instantOf("Europe/Berlin", wall(2))).toBe(at("2026-03-29T01:30:00Z"));
    expect(instantOf("Europe/Berlin", wall(2, 10, 25))).toBe(at("2026-10-25T00:30:00Z"));
  });
});
