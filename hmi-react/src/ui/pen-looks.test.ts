import { describe, expect, it } from "vitest";
import type { PenLook } from "@/api/displays";
import { coloursOf, looksOf, looksWord, pensWith, PLAIN, readLooks, withLook, withLooks } from "./pen-looks";
import type { PenView } from "./trend-options";

const look = (over: Partial<PenLook>): PenLook => ({ ...PLAIN, ...over });
const LEVEL: PenView = { tag: "TK101.LT", scale: "unit:m", label: "m", stepped: false, words: null };

describe("the looks in an address", () => {
  it("are read as they were written, and only of the pens that are shown", () => {
    const looks = new Map([
      ["TK101.LT", look({ colour: 3, own_axis: true, low: -1.5, high: 1e-7, style: "step" })],
      ["FT-101", look({ style: "line" })],
      ["PT1", PLAIN],
    ]);
    const word = looksWord(looks, ["TK101.LT", "FT-101", "PT1"]);
    expect(word).toBe("TK101.LT~c3~own~-1.5:1e-7~step,FT-101~line");
    expect(readLooks(word)).toEqual(new Map([...looks].slice(0, 2)));
    expect(looksWord(looks, ["PT1"])).toBeNull();
  });

  it("leave out what they do not know", () => {
    expect(readLooks("A~c17~5:4~1:x~dotted,~c3,B~c0,C~c2~huge")).toEqual(new Map([["C", look({ colour: 2 })]]));
    expect(readLooks(null).size).toBe(0);
  });

  it("are those of saved pens", () => {
    const looks = new Map([["B", look({ colour: 5 })]]);
    expect(pensWith(["A", "B"], looks)).toEqual([{ ...PLAIN, tag: "A" }, { ...PLAIN, colour: 5, tag: "B" }]);
    expect(looksOf(pensWith(["A", "B"], looks))).toEqual(looks);
  });
});

describe("a pen with a look", () => {
  it("is as it was where nothing is wanted", () => {
    expect(withLook(LEVEL, undefined)).toBe(LEVEL);
    expect(withLook(LEVEL, PLAIN)).toBe(LEVEL);
  });

  it("has its colour and style", () => {
    const looks = new Map([["TK101.LT", look({ colour: 4, style: "step" })]]);
    expect(withLooks([LEVEL], looks)).toMatchObject([{ colour: 3, stepped: true, scale: "unit:m", range: null }]);
  });

  it("does not have the colour of another, wanted or not", () => {
    const looks = new Map([["A", look({ colour: 3 })], ["D", look({ colour: 3 })]]);
    expect(coloursOf(["A", "B", "C", "D"], looks)).toEqual([2, 1, 0, 2]);
    expect(coloursOf(["A", "B"], new Map())).toEqual([0, 1]);
  });

  it("shares an axis only with pens of the same limits, if with any", () => {
    const limited = withLook(LEVEL, look({ low: 0, high: 8 }));
    expect(limited).toMatchObject({ scale: "unit:m:0:8", range: [0, 8] });
    expect(withLook({ ...LEVEL, tag: "TK102.LT" }, look({ low: 0, high: 8 })).scale).toBe(limited.scale);
    expect(withLook(LEVEL, look({ own_axis: true })).scale).toBe("pen:TK101.LT");
  });

  it("has its limits in the unit that is shown", () => {
    const from = { id: "m", symbol: "m", factor: 1, offset: 0 };
    const to = { id: "cm", symbol: "cm", factor: 0.01, offset: 0 };
    expect(withLook({ ...LEVEL, conversion: { from, to } as PenView["conversion"] }, look({ low: 0, high: 8 })).range).toEqual([0, 800]);
  });

  it("keeps the words and steps of a state", () => {
    const state: PenView = { ...LEVEL, scale: "switch", words: { "0": "Off", "1": "On" }, stepped: true };
    expect(withLook(state, look({ low: 0, high: 8, style: "line" }))).toMatchObject({ scale: "switch", range: null, stepped: true });
  });
});
