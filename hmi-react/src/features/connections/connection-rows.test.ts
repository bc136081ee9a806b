import { describe, expect, it } from "vitest";
import { errorKinds, isTrouble, millis, period } from "./connection-rows";

describe("row of a link", () => {
  it("names the kinds of errors that happened, most often first", () => {
    expect(errorKinds({ errors_by_kind: { down: 1, timeout: 7, refused: 0 } })).toEqual([
      { kind: "timeout", count: 7 },
      { kind: "down", count: 1 },
    ]);
    expect(errorKinds({ errors_by_kind: {} })).toEqual([]);
  });

  it("shows a time in milliseconds, and that nothing was measured yet", () => {
    expect([millis(0.42), millis(12.34), millis(1530.4), millis(0)]).toEqual(["0.4 ms", "12.3 ms", "1530 ms", "–"]);
  });

  it("shows a period in the unit that reads best", () => {
    expect([period(0.05), period(1), period(2.5), period(60)]).toEqual(["50 ms", "1 s", "2.5 s", "60 s"]);
  });

  it("marks a link that is lost or refused, not one that is up or still connecting", () => {
    expect((["connecting", "up", "refusing", "lost"] as const).filter(isTrouble)).toEqual(["refusing", "lost"]);
  });
});
