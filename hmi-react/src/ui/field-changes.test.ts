import { describe, expect, it } from "vitest";
import { changesText } from "./field-changes";

describe("changed fields", () => {
  it("are told old and new, also where there is nothing", () => {
    expect(changesText({ range: [[0, 5], [0, 6]], unit: [null, "mm"], history: [true, false] })).toBe("range: [0,5] → [0,6]; unit: – → mm; history: true → false");
  });
});
