/** Numbers, times and durations as they are shown everywhere. */
import type { TagView, Value } from "@/api/types";
import { conversionOf, displayZone } from "./display";
import { convert, convertPrecision } from "./units";
import { offsetMs, zonedTime } from "./zone";

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

type Look = Pick<TagView, "type" | "precision"> & Partial<Pick<TagView, "states" | "unit" | "display_unit">>;

/** A value as its tag and the user want it: precision for floats, on and off for switches, the text of a state. */
export function formatValue(value: Value | undefined, tag?: Look): string {
  if (value === null || value === undefined) return MISSING;
  if (typeof value === "boolean") return value ? "On" : "Off";
  if (typeof value === "string") return value;
  if (tag?.type === "bool") return value ? "On" : "Off";
  if (tag?.type === "enum") return tag.states?.[String(value)] ?? String(value);
  const pair = conversionOf(tag);
  return formatNumber(pair ? convert(value, pair) : value, shownPrecision(tag));
}

function shownPrecision(tag: Look | undefined): number {
  const precision = tag?.type === "int" ? 0 : (tag?.precision ?? 2);
  const pair = conversionOf(tag);
  return pair ? convertPrecision(precision, pair) : precision;
}

/** A value that is in the unit shown already, such as one that was typed or read off a chart. */
export function formatShown(value: Value | undefined, tag?: Look): string {
  return typeof value === "number" && conversionOf(tag) ? formatNumber(value, shownPrecision(tag)) : formatValue(value, tag);
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

type Measured = Partial<Pick<TagView, "type" | "unit" | "unit_symbol" | "display_unit">>;

/** The unit in which a tag is shown, as it is printed; none for switches, states and texts. */
export const unitOf = (tag: Measured | undefined): string => conversionOf(tag)?.to.symbol ?? ownUnitOf(tag);

/** The id of the unit in which a tag is shown. */
export const shownUnit = (tag: Measured): string => conversionOf(tag)?.to.id ?? tag.unit ?? "";

/** The unit to name with a value that was typed; none if it is the tag's own. */
export const typedUnit = (tag: Measured): string | undefined => conversionOf(tag)?.to.id;

/** The range of a tag in the unit in which it is shown. */
export function shownRange(tag: Measured & Pick<TagView, "range">): readonly [number, number] | null {
  const pair = conversionOf(tag);
  return tag.range && pair ? [convert(tag.range[0], pair), convert(tag.range[1], pair)] : tag.range;
}

/** The unit in which a tag is declared, as it is printed; none for switches, states and texts. */
export function ownUnitOf(tag: Measured | undefined): string {
  if (tag === undefined || tag.type === "bool" || tag.type === "enum" || tag.type === "string") return "";
  return tag.unit_symbol || formatUnit(tag.unit ?? "");
}

/** Time of day of POSIX seconds, with milliseconds if asked for. */
export function formatTime(seconds: number | null | undefined, millis = false): string {
  if (seconds === null || seconds === undefined || seconds === 0) return MISSING;
  const { hour, minute, second, millisecond } = zonedTime(displayZone(), seconds * 1000);
  const text = `${pad(hour)}:${pad(minute)}:${pad(second)}`;
  return millis ? `${text}.${pad(millisecond, 3)}` : text;
}

export function formatDate(seconds: number): string {
  const { year, month, day } = zonedTime(displayZone(), seconds * 1000);
  return `${year}-${pad(month)}-${pad(day)}`;
}

export function formatDateTime(seconds: number | null | undefined, millis = false): string {
  if (seconds === null || seconds === undefined || seconds === 0) return MISSING;
  return `${formatDate(seconds)} ${formatTime(seconds, millis)}`;
}

/** Month, day, hour and minute alone, where there is little room. */
export const formatShortTime = (seconds: number): string => formatDateTime(seconds).slice(5, 16);

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
  const minutes = Math.round(offsetMs(displayZone(), date.getTime()) / 60_000);
  if (minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? MINUS : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

export type Parsed = { ok: true; value: Value } | { ok: false; message: "empty" | "number" | "whole" | "low" | "high" };

/** What a person typed, as the tag's type and in the unit in which it is shown; the runtime checks it again. */
export function parseInput(text: string, tag: Measured & Pick<TagView, "type" | "range">): Parsed {
  if (tag.type === "string") return { ok: true, value: text };
  const trimmed = text.trim().replace(MINUS, "-");
  if (trimmed === "") return { ok: false, message: "empty" };
  if (tag.type === "bool") return { ok: true, value: trimmed === "true" };
  const number = Number(trimmed.includes(".") ? trimmed : trimmed.replace(",", "."));
  if (!Number.isFinite(number)) return { ok: false, message: "number" };
  if ((tag.type === "int" || tag.type === "enum") && !Number.isInteger(number) && !conversionOf(tag)) return { ok: false, message: "whole" };
  const range = shownRange(tag);
  if (range !== null && number < range[0]) return { ok: false, message: "low" };
  if (range !== null && number > range[1]) return { ok: false, message: "high" };
  return { ok: true, value: number };
}
