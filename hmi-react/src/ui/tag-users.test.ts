import { describe, expect, it } from "vitest";
import { pageOf } from "./tag-users";

describe("users of a tag", () => {
  it("are linked to the page that shows them", () => {
    expect(pageOf({ kind: "tag", name: "A/B" })).toBe("/tags/A%2FB");
    expect(pageOf({ kind: "alarm", name: "A.H" })).toBe("/alarms?show=all&alarm=A.H");
    expect(pageOf({ kind: "screen", name: "demo/supply" })).toBe("/apps/demo/supply");
    expect(pageOf({ kind: "screen", name: "supply" })).toBeNull();
    expect(pageOf({ kind: "interlock", name: "X" })).toBeNull();
  });
});
