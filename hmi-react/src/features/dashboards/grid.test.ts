import { describe, expect, it } from "vitest";
import { COLUMNS, inReadingOrder, moved, overlap, roomIn, rowsOf, sized, type Place } from "./grid";

const at = (x: number, y: number, width = 6, height = 4): Place => ({ x, y, width, height });
const LEFT = at(0, 0);
const RIGHT = at(6, 0);
const BELOW = at(0, 4);

/** True if no two lie over each other and all are within the grid. */
const sound = (all: readonly Place[]): boolean =>
  all.every((one, index) => one.x >= 0 && one.y >= 0 && one.x + one.width <= COLUMNS && all.slice(index + 1).every((other) => !overlap(one, other)));

describe("a strip that moves", () => {
  it("moves by a cell where there is room", () => {
    expect(moved([LEFT], 0, 1, 0)).toEqual([at(1, 0)]);
    expect(moved([LEFT], 0, 0, 1)).toEqual([at(0, 1)]);
  });

  it("stays at the edge, and that is no change", () => {
    const all = [LEFT, RIGHT];
    expect(moved(all, 0, -1, 0)).toBe(all);
    expect(moved(all, 0, 0, -1)).toBe(all);
    expect(moved(all, 1, 1, 0)).toBe(all);
  });

  it("changes places with the neighbour that is in the way", () => {
    expect(moved([LEFT, RIGHT], 0, 1, 0)).toEqual([RIGHT, LEFT]);
    expect(moved([LEFT, RIGHT], 1, -1, 0)).toEqual([RIGHT, LEFT]);
    expect(moved([LEFT, RIGHT, BELOW], 2, 0, -1)).toEqual([BELOW, RIGHT, LEFT]);
    expect(moved([at(0, 0, 4), at(4, 0, 8)], 0, 1, 0)).toEqual([at(8, 0, 4), at(0, 0, 8)]);
  });

  it("never comes to lie over another, whatever its size", () => {
    const all = [at(0, 0, 12, 3), at(0, 3, 4, 6), at(4, 3, 8, 2), at(4, 5, 3, 4), at(7, 5, 5, 4)];
    for (let index = 0; index < all.length; index += 1) {
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) expect(sound(moved(all, index, dx, dy))).toBe(true);
    }
  });
});

describe("a strip that grows", () => {
  it("pushes what is below down", () => {
    expect(sized([LEFT, RIGHT, BELOW], 0, 0, 1)).toEqual([at(0, 0, 6, 5), RIGHT, at(0, 5)]);
    expect(sound(sized([LEFT, RIGHT, BELOW], 0, 1, 0))).toBe(true);
  });

  it("grows to the left at the right edge, and not beyond the columns", () => {
    expect(sized([RIGHT], 0, 1, 0)).toEqual([at(5, 0, 7)]);
    const whole = [at(0, 0, 12)];
    expect(sized(whole, 0, 1, 0)).toBe(whole);
    const least = [at(0, 0, 2, 2)];
    expect(sized(least, 0, -1, -1)).toBe(least);
  });

  it("stays as it is if those below have no room left", () => {
    const all = [LEFT, at(0, 190, 6, 10), ...Array.from({ length: 31 }, (_, index) => at(0, 4 + index * 6, 6, 6))];
    expect(sized(all, 0, 0, 1)).toBe(all);
  });
});

it("another strip comes where there is room first", () => {
  expect(roomIn([])).toEqual(LEFT);
  expect(roomIn([LEFT])).toEqual(RIGHT);
  expect(roomIn([LEFT, RIGHT])).toEqual(BELOW);
  expect(roomIn([at(0, 0, 7)])).toEqual(BELOW);
});

it("strips are read row by row", () => {
  expect(inReadingOrder([BELOW, RIGHT, LEFT])).toEqual([LEFT, RIGHT, BELOW]);
  expect(rowsOf([LEFT, BELOW])).toBe(8);
  expect(rowsOf([])).toBe(0);
});
