import { describe, expect, it } from "vitest";
import type { TrendGroup } from "@/api/displays";
import { PLAIN, readLooks } from "@/ui/pen-looks";
import { contentOf, differs, readGroup, wordsOf } from "./group-state";
import { readTrend } from "./trend-address";

const GROUP: TrendGroup = {
  id: 12,
  name: "Levels",
  description: "",
  shared: true,
  owner: "ana",
  version: 3,
  created: 1,
  changed: 2,
  changed_by: "ana",
  editable: true,
  gone: [],
  pens: [{ ...PLAIN, tag: "TK101.LT", colour: 3, low: 0, high: 8 }, { ...PLAIN, tag: "FT101" }],
  range_s: 28_800,
  start: null,
  end: null,
  limits: true,
  alarms: false,
  notes: false,
  compare_s: 86_400,
  table: true,
  step: "10m",
};

/** The address after a group was opened in it. */
function opened(group: TrendGroup, before = ""): URLSearchParams {
  const search = new URLSearchParams(before);
  for (const [name, value] of Object.entries(wordsOf(group))) {
    if (value) search.set(name, value);
    else search.delete(name);
  }
  return search;
}

const shown = (search: URLSearchParams) => contentOf(readTrend(search), readLooks(search.get("looks")));

describe("a group that is opened", () => {
  it("is the address, whatever was there before", () => {
    const search = opened(GROUP, "pens=A&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&a=2026-01-01T00:00:00Z&b=2026-01-01T01:00:00Z");
    expect(differs(shown(search), GROUP)).toBe(false);
    expect(readGroup(search.get("group"))).toEqual({ id: 12, version: 3 });
    expect(readTrend(search).cursors).toBeNull();
  });

  it("may have a fixed span, and nothing but pens", () => {
    const past = { ...GROUP, start: 1_700_000_000.5, end: 1_700_000_600, limits: false, alarms: true, notes: true, compare_s: 0, table: false, step: "" };
    expect(differs(shown(opened(past, opened(GROUP).toString())), past)).toBe(false);
  });

  it("differs as soon as something else is shown", () => {
    for (const [word, value] of [["pens", "TK101.LT"], ["range", "600"], ["looks", "FT101~own"], ["limits", ""], ["step", "1h"]] as const) {
      const search = opened(GROUP);
      search.set(word, value);
      expect(differs(shown(search), GROUP), word).toBe(true);
    }
  });
});

it("a group of the address has a number, and a version once it is opened", () => {
  expect(readGroup("7")).toEqual({ id: 7, version: null });
  expect([null, "", "x", "7.x", "-1", "7.3.1"].map(readGroup)).toEqual([null, null, null, null, null, null]);
});
