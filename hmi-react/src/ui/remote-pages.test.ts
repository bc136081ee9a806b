import { describe, expect, it } from "vitest";
import { pagesFor } from "./remote-pages";

describe("pages of a long list", () => {
  it("are those in sight only", () => {
    expect(pagesFor(0, 30, 100)).toEqual([0]);
    expect(pagesFor(90, 130, 100)).toEqual([0, 1]);
    expect(pagesFor(80_000, 80_040, 100)).toEqual([800]);
    expect(pagesFor(0, 0, 100)).toEqual([0]);
  });
});
