/** Numbers, times and durations as they are shown everywhere. */
import type { TagView, Value } from "@/api/types";

export const MISSING = "–";
const MINUS = "\u2212";

/** A number with fixed decimals and a true minus sign; very large or tiny ones in exponent form. */
export function formatNumber(value: number, precision: number): string {
  if (!Number.isFinite(value)) return MISSING;
  const size = Math.abs(value);
  const text = size >= 1e12 ? value.toExponential(Math.min(precision, 4)) : value.toFixed(precision);
  const zero = Number(text) === 0 ? text.replace("-", "") : text;
  return zero.replace("-", MINUS);
}

/** A value as its tag wants it: precision for floats, on and off for switches. */
export function formatValue(value: Value | undefined, tag?: Pick<TagView, "type" | "precision">): string {
  if (value === null || value === undefined) return MISSING;
  if (typeof value === "boolean") return value ? "On" : "Off";
  if (typeof value === "string") return value;
  if (tag?.type === "bool") return value ? "On" : "Off";
  if (tag?.type === "int") return formatNumber(value, 0);
  return formatNumber(value, tag?.precision ?? 2);
}

const UNITS: Record<string, string> = { degC: "°C", degF: "°F", deg: "°", ohm: "Ω", kohm: "kΩ", uS: "µS", um: "µm" };
const POWERS: Record<string, string> = { "2": "²", "3": "³" };

/** A unit as it is printed: "m3/h" as m³/h, "degC" as °C. */
export function formatUnit(unit: string): string {
  return unit
    .split("/")
    .map((part) => UNITS[part] ?? part.replace(/^(k?m|cm|mm|dm|s|ft|in)([23])$/, (_, base: string, power: string) => base + (POWERS[power] ?? power)))
    .join("/");
}

const pad = (number: number, length = 2): string => String(number).padStart(length, "0");

/** Time of day of POSIX seconds, with milliseconds if asked for. */
export function formatTime(seconds: number | null | undefined, millis = false): string {
  if (seconds === null || seconds === undefined || seconds === 0) return MISSING;
  const date = new Date(seconds * 1000);
  const text = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  return millis ? `${text}.${pad(date.getMilliseconds(), 3)}` : text;
}

export function formatDate(seconds: number): string {
  const date = new Date(seconds * 1000);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

export function formatDateTime(seconds: number | null | undefined, millis = false): string {
  if (seconds === null || seconds === undefined || seconds === 0) return MISSING;
  return `${formatDate(seconds)} ${formatTime(seconds, millis)}`;
}

/** A length of time in its two largest units, such as "3 min 20 s". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** The zone of the times shown, such as "UTC" or "UTC+02:00". */
export function zoneName(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  if (minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? MINUS : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

export type Parsed = { ok: true; value: Value } | { ok: false; message: "empty" | "number" | "whole" | "low" | "high" };

/** What a person typed, as the tag's type; the runtime checks it again. */
export function parseInput(text: string, tag: Pick<TagView, "type" | "range">): Parsed {
  if (tag.type === "string") return { ok: true, value: text };
  const trimmed = text.trim().replace(MINUS, "-");
  if (trimmed === "") return { ok: false, message: "empty" };
  if (tag.type === "bool") return { ok: true, value: trimmed === "true" };
  const number = Number(trimmed.includes(".") ? trimmed : trimmed.replace(",", "."));
  if (!Number.isFinite(number)) return { ok: false, message: "number" };
  if (tag.type === "int" && !Number.isInteger(number)) return { ok: false, message: "whole" };
  if (tag.range !== null && number < tag.range[0]) return { ok: false, message: "low" };
  if (tag.range !== null && number > tag.range[1]) return { ok: false, message: "high" };
  return { ok: true, value: number };
}
