import { describe, expect, it } from "vitest";
import { clicked } from "./use-selection";

const order = ["a", "b", "c", "d"];
const names = (set: ReadonlySet<string>): string[] => [...set].sort();

describe("selected alarms", () => {
  it("come and go by a click", () => {
    const one = clicked(new Set(), order, "b", null);
    expect(names(one)).toEqual(["b"]);
    expect(names(clicked(one, order, "b", null))).toEqual([]);
  });

  it("are a range in either direction, beside those that are selected already", () => {
    expect(names(clicked(new Set(["a"]), order, "d", "b"))).toEqual(["a", "b", "c", "d"]);
    expect(names(clicked(new Set(), order, "b", "d"))).toEqual(["b", "c", "d"]);
  });

  it("are one alone where the beginning of the range has gone", () => {
    expect(names(clicked(new Set(), order, "c", "gone"))).toEqual(["c"]);
  });
});
