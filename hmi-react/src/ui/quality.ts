/** Quality codes (OPC UA StatusCodes) in the words that a person reads. */
import type { Severity } from "@/api/types";

const REASONS: Record<number, string> = {
  0x00960000: "local override",
  0x40000000: "uncertain",
  0x40900000: "last usable value",
  0x40910000: "substitute value",
  0x40930000: "sensor not accurate",
  0x40930400: "rate of change exceeded",
  0x40930700: "frozen",
  0x40940000: "engineering units exceeded",
  0x40940500: "under range",
  0x40940600: "over range",
  0x40950000: "disagrees with its redundant tag",
  0x80000000: "bad",
  0x80050000: "communication error",
  0x80310000: "no communication",
  0x80320000: "waiting for initial data",
  0x80890000: "configuration error",
  0x808a0000: "not connected",
  0x808b0000: "device failure",
  0x808c0000: "sensor failure",
  0x808d0000: "out of service",
};

const OVERRIDE = 0x00960000;

/** What is the matter with a value, where there is a mark for it. */
export type Condition = "bad" | "out_of_service" | "forced" | "late" | "frozen" | "rate" | "under_range" | "over_range" | "disagrees";

const CONDITIONS: Record<number, Condition> = {
  [OVERRIDE]: "forced",
  0x40900000: "late",
  0x40930400: "rate",
  0x40930700: "frozen",
  0x40940500: "under_range",
  0x40940600: "over_range",
  0x40950000: "disagrees",
  0x808d0000: "out_of_service",
};

/** The class of a code: its two top bits. */
export function severityOf(quality: number): Severity {
  const top = (quality >>> 0) >>> 30;
  return top === 0 ? "GOOD" : top === 1 ? "UNCERTAIN" : "BAD";
}

export const isBad = (quality: number): boolean => severityOf(quality) === "BAD";

/** True for a value that a person forced. */
export const isForced = (quality: number): boolean => quality >>> 0 === OVERRIDE;

/** Why the value is not plainly good; empty if it is. */
export function reasonOf(quality: number): string {
  const code = quality >>> 0;
  if (code === 0) return "";
  return REASONS[code] ?? `code 0x${code.toString(16).padStart(8, "0")}`;
}

/** Class and reason, such as "BAD (not connected)". */
export function qualityWords(quality: number): string {
  const reason = reasonOf(quality);
  return reason ? `${severityOf(quality)} (${reason})` : severityOf(quality);
}

/** The mark that a code has; null for plainly good, and for what the dotted outline alone tells. */
export function conditionOf(quality: number): Condition | null {
  return CONDITIONS[quality >>> 0] ?? (isBad(quality) ? "bad" : null);
}
