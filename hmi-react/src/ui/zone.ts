/** The time of day in any time zone, from the browser's own tables. */

const STEP_MS = 15 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
const KEPT = 2_000;

/** Time of day in a zone, as numbers. */
export interface ZonedTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

const formats = new Map<string, Intl.DateTimeFormat | null>();
const offsets = new Map<string, number>();

function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  let format: Intl.DateTimeFormat | null = null;
  try {
    format = new Intl.DateTimeFormat("en-u-ca-iso8601-hc-h23", {
      timeZone: zone,
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    // A zone newer than this browser.
  }
  formats.set(zone, format);
  return format;
}

function reckoned(zone: string, ms: number): number {
  const format = formatOf(zone);
  if (format === null) return 0;
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(ms)) part[type] = Number(value);
  return Date.UTC(part["year"] ?? 1970, (part["month"] ?? 1) - 1, part["day"], part["hour"], part["minute"], part["second"]) - ms;
}

/**
 * How far a zone is ahead of UTC at an instant, in ms. Empty for the browser's own zone; one that the browser does not know counts
 * as UTC. Zones change at quarters of an hour, so that one answer serves for one.
 */
export function offsetMs(zone: string, ms: number): number {
  if (!Number.isFinite(ms)) return 0;
  if (zone === "") return -new Date(ms).getTimezoneOffset() * 60_000;
  if (zone === "UTC") return 0;
  const start = Math.floor(ms / STEP_MS) * STEP_MS;
  const key = `${zone} ${start}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    if (offsets.size >= KEPT) offsets.clear();
    offset = reckoned(zone, start);
    offsets.set(key, offset);
  }
  return offset;
}

/** The instant, in ms since the epoch, as the clocks of the zone show it. */
export function zonedTime(zone: string, ms: number): ZonedTime {
  const date = new Date(ms + offsetMs(zone, ms));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

/**
 * The instant, in ms since the epoch, at which the clocks of the zone show this date and time of day. An hour that comes twice is its
 * first, one that is left out counts on from the hour before it.
 */
export function instantOf(zone: string, wall: Omit<ZonedTime, "second" | "millisecond">): number {
  const shown = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  // The offset depends on the instant that is looked for: that of the day before, then that of the day after if it fits as well.
  const early = shown - offsetMs(zone, shown - DAY_MS);
  const late = shown - offsetMs(zone, shown + DAY_MS);
  const fits = (ms: number): boolean => ms + offsetMs(zone, ms) === shown;
  return fits(early) || !fits(late) ? early : late;
}
