/** What a click on a mimic element means: pure, so that it can be tested without drawing. */
import type { MimicElement } from "@/api/types";
import type { FaceplateTarget } from "./faceplate-link";

const ORDER = ["value", "level", "position", "running", "open", "on", "power", "flow", "setpoint"];

/** The tags that an element shows, most telling first. */
export function tagsOf(element: MimicElement): string[] {
  const bind = element.bind ?? {};
  const rest = Object.keys(bind).filter((role) => role !== "machine" && !ORDER.includes(role));
  return [...new Set([...ORDER, ...rest].map((role) => bind[role] ?? "").filter(Boolean))];
}

/** The faceplate of an element, or null if it has nothing to open. */
export function faceplateOf(element: MimicElement): FaceplateTarget | null {
  const [tag, ...related] = tagsOf(element);
  const machine = element.bind?.["machine"];
  if (tag === undefined && machine === undefined) return null;
  const setpoint = element.bind?.["setpoint"];
  return { tag, machine, related, setpoint: setpoint === tag ? undefined : setpoint };
}
