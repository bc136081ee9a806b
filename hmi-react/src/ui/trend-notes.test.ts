import { describe, expect, it } from "vitest";
import { noteAt, placeNotes, type Note } from "./trend-notes";

const note = (id: number, start: number, end: number | null = null): Note => ({ id, number: id, start, end, text: `note ${id}` });
const place = (notes: Note[]) => placeNotes(notes, (time) => time, { left: 0, right: 1_000 }, 1);

describe("annotations in a trend", () => {
  it("lie in the lowest lane that is free", () => {
    const placed = place([note(1, 100, 300), note(2, 200, 250), note(3, 310), note(4, 315)]);
    expect(placed.map(({ note: { id }, lane }) => [id, lane])).toEqual([[1, 0], [2, 1], [3, 0], [4, 1]]);
  });

  it("are left out beyond the span, and cut at its edges where they reach into it", () => {
    expect(place([note(1, -50, -10), note(2, -50, 20), note(3, 990, 2_000), note(4, 1_500)]).map(({ note: { id }, left, right }) => [id, left, right])).toEqual([[2, 0, 20], [3, 990, 1_000]]);
  });

  it("are found at their flag, in their lane and at the line of an instant; the shortest of several", () => {
    const placed = place([note(1, 100, 300), note(2, 200)]);
    const at = (x: number, height: number) => noteAt(placed, x, height, 1)?.note.id ?? null;
    expect([at(105, 8), at(250, 8), at(250, 200), at(201, 200), at(205, 20), at(500, 8)]).toEqual([1, 1, null, 2, 2, null]);
  });
});
