import { describe, expect, it } from "vitest";
import { bodyOf, draftOf, isReady, spanAround } from "./annotation-draft";

const draft = draftOf({ start: 100.12345, end: 200 }, ["A", "B"]);

describe("an annotation while it is written", () => {
  it("is of a period, or of an instant where there is none, and of all pens", () => {
    expect(draft).toEqual({ id: null, time: 100.123, end: 200, tags: ["A", "B"], text: "" });
    expect(draftOf({ start: 100, end: 100 }, ["A"]).end).toBeNull();
  });

  it("needs a text, a pen and an end that is not before its beginning", () => {
    const written = { ...draft, text: " filter changed " };
    expect([written, draft, { ...written, tags: [] }, { ...written, end: 50 }].map(isReady)).toEqual([true, false, false, false]);
    expect(bodyOf(written)).toEqual({ time: 100.123, end: 200, tags: ["A", "B"], text: "filter changed" });
  });

  it("is looked at with some time on either side", () => {
    const shown = { start: 0, end: 60 };
    expect(spanAround({ ...draft, time: 100, end: 200 }, shown, 1_000)).toEqual({ start: 75, end: 225 });
    expect(spanAround({ ...draft, time: 100, end: null }, shown, 1_000)).toEqual({ start: 70, end: 130 });
    expect(spanAround({ ...draft, time: 100, end: null }, shown, 110)).toEqual({ start: 50, end: 110 });
  });
});
