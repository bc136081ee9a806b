/** The parts of a definition in words: scaling, conditioning, checks. Pure, so that the texts can be tested. */
import type { Body } from "@/api/tags";

type Part = Record<string, unknown>;

const isPart = (value: unknown): value is Part => typeof value === "object" && value !== null && !Array.isArray(value);
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A value of a definition as it is written. */
export function plain(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (isPart(value)) return partWords(value);
  return String(value);
}

/** The fields of a part, such as "samples 5, threshold 3". */
export function partWords(part: Part, without: readonly string[] = []): string {
  return Object.entries(part)
    .filter(([field]) => !without.includes(field))
    .map(([field, value]) => `${field} ${plain(value)}`)
    .join(", ");
}

/** "0 … 27648 → 0 … 8", with what else the scale says. */
export function scaleWords(body: Body): string {
  const { scale } = body;
  if (!isPart(scale)) return "";
  const points = `${asList(scale["raw"]).map(String).join(" … ")} → ${asList(scale["eng"]).map(String).join(" … ")}`;
  const rest = partWords(scale, ["raw", "eng"]);
  return rest ? `${points} (${rest})` : points;
}

/** Each filter in its own words, in the order in which they are applied. */
export function filterWords(body: Body): string[] {
  return asList(body["filters"])
    .filter(isPart)
    .map((filter) => {
      const rest = partWords(filter, ["kind"]);
      return rest ? `${plain(filter["kind"])} (${rest})` : plain(filter["kind"]);
    });
}

export const checkWords = (body: Body): string[] => (isPart(body["checks"]) ? Object.entries(body["checks"]).map(([field, value]) => `${field} ${plain(value)}`) : []);
export const outputWords = (body: Body): string => (isPart(body["output"]) ? partWords(body["output"]) : "");

/** Where two definitions differ: field, ours, theirs. */
export function bodyDiff(ours: Body, theirs: Body): [field: string, ours: string, theirs: string][] {
  const fields = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  return fields
    .filter((field) => JSON.stringify(ours[field]) !== JSON.stringify(theirs[field]))
    .map((field) => [field, plain(ours[field]), plain(theirs[field])]);
}
