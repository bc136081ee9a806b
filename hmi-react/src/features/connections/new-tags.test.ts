import { describe, expect, it } from "vitest";
import type { Variable } from "@/api/links";
import { BLANK, bodyOfTag, newTagsOf, proposedName, rowProblems, typeOf } from "./new-tags";

const variable = (path: string, patch: Partial<Variable> = {}): Variable => ({
  address: `ns=2;s=${path}`,
  path,
  name: path,
  description: "",
  type: "Double",
  array: false,
  readable: true,
  writable: false,
  unit: "",
  range: null,
  ...patch,
});

describe("tags from variables", () => {
  it.each([
    ["Boolean", "bool"],
    ["UInt16", "int"],
    ["Int64", "int"],
    ["Byte", "int"],
    ["SByte", "int"],
    ["Float", "float"],
    ["Double", "float"],
    ["String", "string"],
    ["DateTime", "string"],
    ["", null],
  ])("makes %s a %s", (type, made) => {
    expect(typeOf({ type, array: false })).toBe(made);
    expect(typeOf({ type, array: true })).toBeNull();
  });

  it("proposes names that tags may have", () => {
    expect(proposedName("Tank 1/Level (m)", "")).toBe("Tank_1.Level_m_");
    expect(proposedName("Tank/Level", "A.")).toBe("A.Tank.Level");
    expect(proposedName(".x", "")).toBe("_.x");
    expect(proposedName("x".repeat(300), "")).toHaveLength(128);
  });

  it("gives no name twice and leaves out what no tag can hold", () => {
    const made = newTagsOf([variable("a b"), variable("a_b"), variable("c", { array: true })], "");

    expect(made.map((tag) => tag.name)).toEqual(["a_b", "a_b_2"]);
  });

  it("tells of each row what is wrong with it", () => {
    const told = { subject: "tag C", field: "source", message: "no such register", place: "", suggestion: "" };
    const rows = ["A", "A ", "-b", "", "C"].map((name) => ({ ...BLANK, name }));

    const problems = rowProblems(rows, [told]);

    expect(problems.map((one) => one.own)).toEqual([null, "twice", "name", null, null]);
    expect(problems.map((one) => one.told.length)).toEqual([0, 0, 0, 0, 1]);
  });

  it("says where the tag comes from", () => {
    const [tag] = newTagsOf([variable("Tank/Level", { range: [0, 5], description: "two\nlines" })], "");

    expect(bodyOfTag(tag!, { link: "srv", scan: "fast", area: "north" })).toEqual({
      name: "Tank.Level",
      type: "float",
      source: "srv/ns=2;s=Tank/Level",
      scan: "fast",
      description: "two lines",
      range: [0, 5],
      area: "north",
    });
  });
});
