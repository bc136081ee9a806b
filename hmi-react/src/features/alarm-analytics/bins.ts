/** What the charts of alarm performance draw: bars over time, groups of how many in 10 minutes, sums of the top. */
import type { Analytics, Flood } from "@/api/alarm-history";
import { displayZone } from "@/ui/display";
import { offsetMs } from "@/ui/zone";

export const BINS_S = [600, 3600, 21_600, 86_400] as const;
export type BinS = (typeof BINS_S)[number];

const HOURLY_FROM_S = 7 * 86_400;
const MOST_BARS = 400;

export interface Bar {
  start: number;
  count: number;
}

export interface Bars {
  binS: BinS;
  bars: Bar[];
  max: number;
}

/** The series in at most some hundred bars, of 10 minutes or more each; bars without alarms are left out. */
export function barsOf({ start, end, series }: Pick<Analytics, "start" | "end" | "series">): Bars {
  const span = Math.max(0, end - start);
  const finest = span > HOURLY_FROM_S ? 3600 : 600;
  const binS = BINS_S.find((bin) => bin >= finest && span / bin <= MOST_BARS) ?? 86_400;
  const counts = new Map<number, number>();
  for (const one of series) {
    const at = binStart(one.start, binS);
    counts.set(at, (counts.get(at) ?? 0) + one.count);
  }
  const bars = [...counts].filter(([, count]) => count > 0).map(([at, count]) => ({ start: at, count }));
  return { binS, bars: bars.sort((a, b) => a.start - b.start), max: Math.max(0, ...bars.map((bar) => bar.count)) };
}

/** Days begin at midnight where the user wants it; 10 minutes and hours are those of UTC, as the runtime counts them. */
function binStart(time: number, binS: number): number {
  const shift = binS > 3600 ? offsetMs(displayZone(), time * 1000) / 1000 : 0;
  return Math.floor((time + shift) / binS) * binS - shift;
}

const STEPS_S = [600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000, 7_776_000] as const;

/** Where the axis of time is marked: at round times where the user is, at most so many. */
export function ticksOf(start: number, end: number, most: number): { step: number; times: number[] } {
  const step = STEPS_S.find((one) => (end - start) / one <= most) ?? 7_776_000;
  const shift = offsetMs(displayZone(), start * 1000) / 1000;
  const first = Math.ceil((start + shift) / step) * step - shift;
  const count = Math.max(0, Math.floor((end - first) / step) + 1);
  return { step, times: Array.from({ length: count }, (_, at) => first + at * step) };
}

/** A round number at or above the value, for the top of an axis. */
export function roundUp(value: number): number {
  if (value <= 5) return Math.max(1, Math.ceil(value));
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((one) => one * power).find((one) => one >= value) ?? value;
}

const GROUPS = [[0, 0], [1, 1], [2, 2], [3, 5], [6, 10], [11, 20], [21, Infinity]] as const;

export interface Group {
  label: string;
  /** Of all periods of 10 minutes, 0 to 1. */
  share: number;
  periods: number;
  /** More than one person can answer. */
  tooMany: boolean;
}

/** How often there were how many alarms in 10 minutes. */
export function groupsOf(histogram: Analytics["histogram_10_min"]): Group[] {
  const total = histogram.reduce((sum, one) => sum + one.periods, 0);
  return GROUPS.map(([low, high]) => {
    const periods = histogram.filter((one) => one.alarms >= low && one.alarms <= high).reduce((sum, one) => sum + one.periods, 0);
    const label = low === high ? String(low) : high === Infinity ? `> ${low - 1}` : `${low}–${high}`;
    return { label, periods, share: total > 0 ? periods / total : 0, tooMany: low > 10 };
  });
}

/** The top with what it and those before it make together, 0 to 1. */
export function cumulated(top: Analytics["top"]): (Analytics["top"][number] & { together: number })[] {
  let together = 0;
  return top.map((one) => {
    together += one.share;
    return { ...one, together: Math.min(1, together) };
  });
}

/** How long a flood lasted, or has lasted so far. */
export const lastedS = (flood: Flood, now: number): number => Math.max(0, (flood.end ?? now) - flood.start);

export interface Share {
  priority: number;
  count: number;
  share: number;
}

/** Counts by priority as shares of the priorities 1 to 4; priority 5 is not announced and has no share. */
export function sharesOf(counts: Record<string, number>): Share[] {
  const total = [1, 2, 3, 4].reduce((sum, priority) => sum + (counts[priority] ?? 0), 0);
  return [1, 2, 3, 4, 5].map((priority) => {
    const count = counts[priority] ?? 0;
    return { priority, count, share: priority < 5 && total > 0 ? count / total : 0 };
  });
}
