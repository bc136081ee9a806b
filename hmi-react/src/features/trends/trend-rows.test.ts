import { describe, expect, it } from "vitest";
import { aTag, GOOD, NOT_CONNECTED } from "@/testing/samples";
import { differenceOf } from "./reading";
import { rowsOf } from "./trend-table";

describe("rows of the table", () => {
  it("have the pens in their order, whatever the order of the answer", () => {
    const page = {
      time: [10, 20],
      next: null,
      series: [
        { tag: "B", value: [1, 2], quality: [GOOD, GOOD] },
        { tag: "A", value: [5, null], quality: [GOOD, NOT_CONNECTED] },
      ],
    };
    expect(rowsOf(page, ["A", "B"])).toEqual([
      { time: 10, value: [5, 1], quality: [GOOD, GOOD] },
      { time: 20, value: [null, 2], quality: [NOT_CONNECTED, GOOD] },
    ]);
  });
});

describe("the difference between two cursors", () => {
  it("is known only where both values are, and not of switches and states", () => {
    expect(differenceOf(2, 5, aTag())).toBe(3);
    expect(differenceOf(null, 5, aTag())).toBeNull();
    expect(differenceOf(0, 1, aTag({ type: "bool" }))).toBeNull();
  });
});
