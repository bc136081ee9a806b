/** What is normal between a tag's alarm limits. */
import type { AlarmLimit } from "@/live/directory";

/** What lies between the innermost low and high limits, or null when there is none. */
export function normalBand(limits: readonly AlarmLimit[], range: readonly [number, number]): [number, number] | null {
  if (limits.length === 0) return null;
  const low = Math.max(range[0], ...limits.filter((l) => l.condition === "low").map((l) => l.value));
  const high = Math.min(range[1], ...limits.filter((l) => l.condition === "high").map((l) => l.value));
  return low < high ? [low, high] : null;
}
