import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pace } from "./trend-pace";

const see = (state: DocumentVisibilityState): void => {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
};

describe("the pace of a trend", () => {
  let drawn = 0;
  let pixelMs: number | null = null;
  let pace: Pace;
  beforeEach(() => {
    vi.useFakeTimers();
    drawn = 0;
    pixelMs = null;
    pace = new Pace(
      () => {
        drawn += 1;
        pace.settle();
      },
      () => pixelMs,
    );
  });
  afterEach(() => {
    pace.close();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  /** A change every ten milliseconds for a second. */
  const second = (): void => {
    for (let turn = 0; turn < 100; turn += 1) {
      pace.changed();
      vi.advanceTimersByTime(10);
    }
  };

  it("is drawn after a change, however many there were", () => {
    for (let turn = 0; turn < 50; turn += 1) pace.changed();
    vi.advanceTimersByTime(1_000);
    expect(drawn).toBe(1);
  });

  it.each([
    [null, 10, 15],
    [500, 6, 8],
    [100_000, 4, 6],
  ])("is drawn as often as pixels change, where one is %s ms between %i and %i times a second", (pixel, least, most) => {
    pixelMs = pixel;
    second();
    expect(drawn).toBeGreaterThanOrEqual(least);
    expect(drawn).toBeLessThanOrEqual(most);
  });

  it("grows by itself, a pixel at a time", () => {
    pixelMs = 500;
    pace.changed();
    vi.advanceTimersByTime(2_100);
    expect(drawn).toBeGreaterThanOrEqual(4);
    expect(drawn).toBeLessThanOrEqual(5);
  });

  it("does nothing while it is hidden, and is drawn once it is seen", () => {
    see("hidden");
    second();
    expect(drawn).toBe(0);
    see("visible");
    vi.advanceTimersByTime(50);
    expect(drawn).toBe(1);
  });

  it("is not drawn after it was closed", () => {
    pace.changed();
    pace.close();
    pace.changed();
    vi.advanceTimersByTime(1_000);
    expect(drawn).toBe(0);
  });
});
