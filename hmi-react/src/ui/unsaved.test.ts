import { describe, expect, it } from "vitest";
import { leaves } from "./unsaved";

const at = (pathname: string, search = "") => ({ pathname, search });

describe("leaving a form", () => {
  it("is going to another page, not opening a faceplate beside it", () => {
    expect(leaves(at("/tags/new"), at("/tags"), [])).toBe(true);
    expect(leaves(at("/tags/new"), at("/tags/new", "?faceplate=A"), [])).toBe(false);
  });

  it("is also going to another object on the same page", () => {
    expect(leaves(at("/equipment", "?type=a"), at("/equipment", "?type=b"), ["type"])).toBe(true);
    expect(leaves(at("/equipment", "?type=a"), at("/equipment", "?type=a&machine=m"), ["type"])).toBe(false);
  });
});
