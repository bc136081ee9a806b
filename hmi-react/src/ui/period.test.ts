import { afterEach, describe, expect, it } from "vitest";
import { clearDisplay, setDisplay } from "./display";
import { boundsOf, fieldText, instantText, isOrdered, periodOf, readField } from "./period";

const at = (text: string): number => Date.parse(text) / 1000;
const of = (text: string) => periodOf(new URLSearchParams(text), "24h");

afterEach(clearDisplay);

describe("periodOf", () => {
  it("is the usual one unless the address names another", () => {
    expect(of("")).toEqual({ preset: "24h" });
    expect(of("period=7d")).toEqual({ preset: "7d" });
    expect(of("period=forever")).toEqual({ preset: "24h" });
  });

  it("is between two instants, one of which may be open", () => {
    expect(of("from=2026-03-29T00:00:00Z&to=2026-03-29T06:00:00Z&period=7d")).toEqual({ preset: null, from: at("2026-03-29T00:00:00Z"), to: at("2026-03-29T06:00:00Z") });
    expect(of("from=2026-03-29T00:00:00Z")).toMatchObject({ from: at("2026-03-29T00:00:00Z"), to: null });
    expect(of("from=yesterday")).toEqual({ preset: "24h" });
  });

  it("ends now, or where it says", () => {
    expect(boundsOf({ preset: "1h" }, 10_000)).toEqual({ start: 6_400, end: undefined });
    expect(boundsOf({ preset: null, from: null, to: 5 }, 10_000)).toEqual({ start: undefined, end: 5 });
  });

  it("is out of order if it ends before it begins", () => {
    expect(isOrdered({ preset: null, from: 5, to: 5 })).toBe(false);
    expect(isOrdered({ preset: null, from: 5, to: 6 })).toBe(true);
    expect(isOrdered({ preset: null, from: 5, to: null })).toBe(true);
  });
});

describe("fields for date and time", () => {
  it("show and take the user's zone", () => {
    setDisplay({ zone: "Asia/Tokyo" });
    expect(fieldText(at("2026-03-28T20:15:30Z"))).toBe("2026-03-29T05:15");
    expect(readField("2026-03-29T05:15")).toBe(at("2026-03-28T20:15:00Z"));
    expect(instantText(at("2026-03-28T20:15:00Z"))).toBe("2026-03-28T20:15:00Z");
  });

  it("are empty without an instant, and give none while a year is typed", () => {
    expect(fieldText(null)).toBe("");
    expect(readField("")).toBeNull();
    expect(readField("0020-03-29T05:15")).toBeNull();
  });
});
