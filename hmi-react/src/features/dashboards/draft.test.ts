import { describe, expect, it } from "vitest";
import type { Dashboard, Strip } from "@/api/displays";
import { PLAIN } from "@/ui/pen-looks";
import { added, contentOf, draftOf, EMPTY, isDirty, looksIn, spanText, titleOf, trendOf } from "./draft";
import { moved } from "./grid";

const strip = (over: Partial<Strip> = {}): Strip => ({ ...EMPTY, x: 0, y: 0, width: 6, height: 4, pens: [{ ...PLAIN, tag: "TK101.LT" }], ...over });

const SAVED = { strips: [strip({ x: 6 }), strip({ title: "Level" })] } as Dashboard;

describe("a draft", () => {
  it("is as it was saved until something is changed, in whatever order the strips came", () => {
    const draft = draftOf(SAVED);
    expect(draft.map((one) => [one.key, one.x])).toEqual([[0, 0], [1, 6]]);
    expect(isDirty(draft, SAVED)).toBe(false);
    expect(isDirty(moved(draft, 0, 1, 0) as typeof draft, SAVED)).toBe(true);
    expect(isDirty([], undefined)).toBe(false);
  });

  it("gives a new strip the first room, and a key that no other has", () => {
    const draft = added(draftOf(SAVED).slice(1), strip({ title: "New" }));
    expect(draft.map((one) => [one.key, one.x, one.title])).toEqual([[1, 6, ""], [2, 0, "New"]]);
    expect(contentOf(draft).strips.map((one) => one.title)).toEqual(["New", ""]);
    expect(contentOf(draft).strips[0]).not.toHaveProperty("key");
  });
});

describe("a strip", () => {
  it("is called by its title, or by its tags", () => {
    expect(titleOf(strip({ title: "Level" }))).toBe("Level");
    expect(titleOf(strip({ pens: [{ ...PLAIN, tag: "A" }, { ...PLAIN, tag: "B" }] }))).toBe("A, B");
  });

  it("tells its span in the largest unit that fits", () => {
    expect([1, 60, 90, 1_440, 10_080].map(spanText)).toEqual(["1 min", "1 h", "90 min", "1 d", "7 d"]);
  });

  it("gives its limits to the pens that have none", () => {
    const looks = looksIn(strip({ low: 0, high: 8, pens: [{ ...PLAIN, tag: "A" }, { ...PLAIN, tag: "B", low: 1, high: 2 }] }));
    expect([looks.get("A"), looks.get("B")]).toEqual([{ ...PLAIN, low: 0, high: 8 }, { ...PLAIN, low: 1, high: 2 }]);
  });

  it("is opened in Trends with its pens, limits and at least its span", () => {
    expect(trendOf(strip({ span_min: 11, low: 0, high: 8 }))).toBe("/trends?pens=TK101.LT&range=3600&looks=TK101.LT%7E0%3A8");
    expect(trendOf(strip({ span_min: 43_200 }))).toBe("/trends?pens=TK101.LT&range=2592000");
  });
});
