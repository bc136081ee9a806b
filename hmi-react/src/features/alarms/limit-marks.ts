/** Where the limits of a definition lie in the trend of its tag while they are typed. */
import type { Quantity } from "@/api/configuration";
import { numberTyped } from "@/ui/form-reader";
import type { TrendMarks } from "@/ui/trend-marks";
import { limitKeys, type DefinitionDraft, type LimitDraft, type LimitKey } from "./definition-draft";

interface Measured {
  unit: string;
  range: readonly [number, number] | null;
}

interface Line {
  slope: number;
  start: number;
}

/** From the unit of the definition to that of the tag; the same number without one. */
function lineTo(unit: string, tag: Measured, quantities: readonly Quantity[]): Line {
  const units = quantities.flatMap((quantity) => quantity.units);
  const [from, to] = [units.find((one) => one.id === unit), units.find((one) => one.id === tag.unit)];
  if (unit === "" || unit === tag.unit || !from || !to) return { slope: 1, start: 0 };
  return { slope: from.factor / to.factor, start: (from.offset - to.offset) / to.factor };
}

/** The size of a deadband in the unit of the tag. */
function sizeOf(typed: string, tag: Measured, { slope }: Line): number {
  const plain = typed.trim();
  if (!plain.endsWith("%")) return (numberTyped(plain) ?? 0) * slope;
  return ((numberTyped(plain.slice(0, -1)) ?? 0) / 100) * (tag.range ? tag.range[1] - tag.range[0] : 0);
}

const isLow = (draft: DefinitionDraft, key: LimitKey): boolean => (key === "only" ? draft.kind === "low" : key === "below" || key.startsWith("low"));

/** Where the limit lies; null while it is no number, or a tag's. */
function placeOf(draft: DefinitionDraft, key: LimitKey, given: LimitDraft, line: Line, setpoint: number | null): number | null {
  const limit = given.from === "number" || draft.kind === "deviation" ? numberTyped(given.limit) : undefined;
  if (limit === undefined || !(given.on || key === "only")) return null;
  if (key !== "above" && key !== "below") return limit * line.slope + line.start;
  return setpoint === null ? null : setpoint + (key === "above" ? limit : -limit) * line.slope;
}

/**
 * The limits as lines and the deadbands as bands, in the tag's unit; null while none has a place.
 *
 * setpoint: what the tag that has the setpoint says now, in its own unit, which is that of the watched tag.
 */
export function marksOf(draft: DefinitionDraft, tag: Measured, quantities: readonly Quantity[], setpoint: number | null): TrendMarks | null {
  const line = lineTo(draft.unit, tag, quantities);
  const typed = numberTyped(draft.setpoint);
  const around = draft.setpointFrom === "tag" ? setpoint : typed === undefined ? null : typed * line.slope + line.start;
  const lines: number[] = [];
  const bands: [number, number][] = [];
  for (const key of limitKeys(draft.kind)) {
    const given = draft.limits[key];
    const place = placeOf(draft, key, given, line, around);
    if (place === null) continue;
    lines.push(place);
    const size = sizeOf(given.deadband, tag, line);
    if (size > 0) bands.push(isLow(draft, key) ? [place, place + size] : [place - size, place]);
  }
  return lines.length === 0 ? null : { lines, bands };
}

/** The tags that have a limit or the setpoint; they are drawn beside the watched one. */
export function limitTags(draft: DefinitionDraft): string[] {
  const keys = draft.kind === "deviation" ? [] : limitKeys(draft.kind);
  const limits = keys.map((key) => draft.limits[key]).filter((one, at) => one.from === "tag" && (one.on || keys[at] === "only"));
  const names = limits.map((one) => one.limit_tag);
  if (draft.kind === "deviation" && draft.setpointFrom === "tag") names.push(draft.setpoint_tag);
  if (draft.kind === "discrepancy") names.push(draft.other);
  return [...new Set(names.filter(Boolean))];
}
