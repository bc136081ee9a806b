/** What a person types about a reference point, and what it means. */
import type { PointFields, ReferencePoint } from "@/api/linear-references";

export type Draft = Record<keyof PointFields, string>;
export type Complaint = "missing" | "number" | "range";

const BOUNDS: Record<Exclude<keyof PointFields, "segment">, readonly [number, number]> = {
  km: [-100_000, 100_000],
  latitude: [-90, 90],
  longitude: [-180, 180],
  elevation: [-12_000, 10_000],
};

export const draftOf = (point: ReferencePoint | null, segment: string): Draft => ({
  segment: point?.segment ?? segment,
  km: point ? String(point.km) : "",
  latitude: point ? String(point.latitude) : "",
  longitude: point ? String(point.longitude) : "",
  elevation: point && point.elevation !== null ? String(point.elevation) : "",
});

/** A number as people write it: a comma for the point, a true minus, 12+345 for 345 m behind kilometre 12; NaN if it is none. */
export function typedNumber(text: string): number {
  const plain = text.trim().replace("\u2212", "-");
  const chainage = /^(-?)(\d+)\+(\d{3}(?:[.,]\d+)?)$/.exec(plain);
  if (chainage) return Number(`${chainage[1] ?? ""}1`) * (Number(chainage[2]) + Number((chainage[3] ?? "").replace(",", ".")) / 1000);
  if (plain === "") return Number.NaN;
  return Number(plain.includes(".") ? plain : plain.replace(",", "."));
}

/** What cannot be taken, by field. The runtime checks it again. */
export function complaintsOf(draft: Draft): Partial<Record<keyof PointFields, Complaint>> {
  const found: Partial<Record<keyof PointFields, Complaint>> = {};
  if (draft.segment.trim() === "") found.segment = "missing";
  for (const field of ["km", "latitude", "longitude", "elevation"] as const) {
    const text = draft[field].trim();
    const [low, high] = BOUNDS[field];
    const value = typedNumber(text);
    if (text === "") {
      if (field !== "elevation") found[field] = "missing";
    } else if (!Number.isFinite(value)) found[field] = "number";
    else if (value < low || value > high) found[field] = "range";
  }
  return found;
}

/** The fields of a draft without complaints. */
export const fieldsOf = (draft: Draft): PointFields => ({
  segment: draft.segment.trim(),
  km: typedNumber(draft.km),
  latitude: typedNumber(draft.latitude),
  longitude: typedNumber(draft.longitude),
  elevation: draft.elevation.trim() === "" ? null : typedNumber(draft.elevation),
});

const SHOWN = 6;

/** Degrees as text, with six decimals: a tenth of a metre. */
export const degrees = (value: number): string => value.toFixed(SHOWN).replace("-", "\u2212");

/** A kilometre post without idle zeros. */
export const kmText = (km: number): string => String(Number(km.toFixed(SHOWN))).replace("-", "\u2212");
