/** What is reckoned with the values at cursors. */
import type { TagView } from "@/api/types";

/** How much greater the second value is; null where one is not known, and for switches and states, which have no difference. */
export function differenceOf(a: number | null | undefined, b: number | null | undefined, tag: TagView | undefined): number | null {
  if (typeof a !== "number" || typeof b !== "number" || tag?.type === "bool" || tag?.type === "enum") return null;
  return b - a;
}
