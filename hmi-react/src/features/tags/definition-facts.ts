/** The parts of a definition in words: scaling, conditioning, checks. Pure, so that the texts can be tested. */
import type { Body } from "@/api/tags";
import { isPart, partWords, plain } from "@/ui/body-words";

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

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

/** How a tag is recorded, such as "periodic (interval_s 10)"; empty if nothing was said of it. */
export function recordingWords(recording: Record<string, unknown> | null): string {
  if (recording === null) return "";
  const said = Object.fromEntries(Object.entries(recording).filter(([, value]) => value !== null));
  const rest = partWords(said, ["mode"]);
  return rest ? `${plain(recording["mode"])} (${rest})` : plain(recording["mode"]);
}
