/** A period of the past, as a person chooses it. */
import { offsetMs, zonedTime } from "@/ui/zone";

export const LENGTHS = [3600, 28_800, 86_400, 604_800] as const;

/** length: the last so many seconds; null for from one instant to another, each as its field shows it. */
export interface Period {
  length: number | null;
  from: string;
  to: string;
}

export interface Range {
  start: number;
  end: number;
}

export const DAY: Period = { length: 86_400, from: "", to: "" };

const pad = (number: number, length = 2): string => String(number).padStart(length, "0");

/** POSIX seconds as a field for date and time has them, in the zone. */
export function fieldText(zone: string, seconds: number): string {
  const { year, month, day, hour, minute } = zonedTime(zone, seconds * 1000);
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}`;
}

/** The instant that the field shows, POSIX seconds; null for none. */
export function instantOf(zone: string, text: string): number | null {
  const wall = Date.parse(`${text}Z`);
  if (!Number.isFinite(wall)) return null;
  // The offset of the zone at the instant itself; beside a change of the clocks the first guess is one hour off.
  const guess = wall - offsetMs(zone, wall);
  return (wall - offsetMs(zone, guess)) / 1000;
}

/** The period in POSIX seconds; null if its start is not before its end. */
export function rangeOf(zone: string, period: Period, now: number): Range | null {
  if (period.length !== null) return { start: now - period.length, end: now };
  const [start, end] = [instantOf(zone, period.from), instantOf(zone, period.to)];
  return start === null || end === null || start >= end ? null : { start, end };
}

export const isPeriod = (zone: string, period: Period): boolean => rangeOf(zone, period, 0) !== null;

/** From one instant to another: for the beginning those of the length that was chosen before. */
export const ownPeriod = (zone: string, period: Period, now: number): Period =>
  period.from ? { ...period, length: null } : { length: null, from: fieldText(zone, now - (period.length ?? 0)), to: fieldText(zone, now) };
