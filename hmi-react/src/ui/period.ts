/** A span of time as the address keeps it: one that ends now, such as the last 8 hours, or one between two instants. */
import { displayZone } from "./display";
import { instantOf, zonedTime } from "./zone";

export const PRESETS = ["1h", "8h", "24h", "7d", "30d"] as const;
export type Preset = (typeof PRESETS)[number];

const HOUR_S = 3600;
export const PRESET_S: Record<Preset, number> = { "1h": HOUR_S, "8h": 8 * HOUR_S, "24h": 24 * HOUR_S, "7d": 168 * HOUR_S, "30d": 720 * HOUR_S };

/** POSIX seconds; null: open, the beginning of all or now. */
export type Period = { preset: Preset } | { preset: null; from: number | null; to: number | null };

/** What the address says, as "period=8h" or "from=…&to=…" in UTC, so that a link means the same in every zone. */
export function periodOf(search: URLSearchParams, usual: Preset): Period {
  const [from, to] = [readInstant(search.get("from")), readInstant(search.get("to"))];
  if (from !== null || to !== null) return { preset: null, from, to };
  const asked = search.get("period");
  return { preset: PRESETS.find((one) => one === asked) ?? usual };
}

/** Start and end to ask for; no end for what goes on until now. */
export function boundsOf(period: Period, now: number): { start: number | undefined; end: number | undefined } {
  if (period.preset !== null) return { start: now - PRESET_S[period.preset], end: undefined };
  return { start: period.from ?? undefined, end: period.to ?? undefined };
}

/** True unless it ends before it begins. */
export const isOrdered = (period: Period): boolean => period.preset !== null || period.from === null || period.to === null || period.from < period.to;

function readInstant(text: string | null): number | null {
  const ms = text ? Date.parse(text) : Number.NaN;
  return Number.isFinite(ms) ? ms / 1000 : null;
}

/** The instant as the address keeps it, to the second. */
export const instantText = (seconds: number): string => new Date(Math.floor(seconds) * 1000).toISOString().replace(".000Z", "Z");

const pad = (number: number, length = 2): string => String(number).padStart(length, "0");

/** The instant as a field for date and time takes it, in the zone that the user wants; to the minute, or to the second. */
export function fieldText(seconds: number | null, toSecond = false): string {
  if (seconds === null) return "";
  const { year, month, day, hour, minute } = zonedTime(displayZone(), seconds * 1000);
  const rest = toSecond ? `:${pad(Math.floor(seconds) % 60)}` : "";
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}${rest}`;
}

/** The instant that a field for date and time shows; null if it shows none, or one before there were computers. */
export function readField(text: string): number | null {
  const found = /^(\d{4,6})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?/.exec(text);
  if (!found) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map((part) => Number(part ?? 0));
  if (year < 1970 || year > 9999) return null;
  return instantOf(displayZone(), { year, month, day, hour, minute }) / 1000 + second;
}
