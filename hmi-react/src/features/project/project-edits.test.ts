import { describe, expect, it } from "vitest";
import type { PlanLine } from "@/api/configuration";
import { editedLines } from "./project-edits";

describe("edits of the running configuration", () => {
  it("are told with their fields where a plan knows them, and nothing else of the plan is", () => {
    const edited = [{ kind: "tag", name: "A" }, { kind: "alarm", name: "A" }];
    const planned: PlanLine[] = [
      { action: "conflict", kind: "tag", name: "A", fields: { unit: ["m", "mm"] }, touches: ["history of A"] },
      { action: "remove", kind: "tag", name: "B", fields: {}, touches: [] },
    ];
    expect(editedLines(edited, planned)).toEqual([
      { action: "drift", kind: "tag", name: "A", fields: { unit: ["m", "mm"] }, touches: ["history of A"] },
      { action: "drift", kind: "alarm", name: "A", fields: {}, touches: [] },
    ]);
  });
});
