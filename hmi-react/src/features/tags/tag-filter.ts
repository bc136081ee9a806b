/** The filters of the tag browser: what they are called in the address, and what the runtime is asked for. */
import type { TagFilter } from "@/api/tags";

export const KINDS = ["field", "soft", "output", "derived", "system"] as const;
export const TYPES = ["float", "int", "bool", "string", "enum"] as const;
export const SEVERITIES = ["GOOD", "UNCERTAIN", "BAD"] as const;
export const OVERRIDES = ["forced", "out_of_service"] as const;

/** Filters that are chosen less often, behind one button. */
export const MORE = ["type", "link", "manufacturer", "segment", "kp_from", "kp_to"] as const;

const FIELDS = ["search", "area", "under", "kind", "type", "severity", "override", "link", "manufacturer", "segment", "kp_from", "kp_to", "sort"] as const;

/** Columns that the runtime can sort by. */
const SORTS = new Set(["name", "area", "description", "type", "kind", "unit", "source", "kilometre_post", "quality", "value"]);

export const isSortable = (column: string): boolean => SORTS.has(column);

const isNumber = (text: string): boolean => text !== "" && Number.isFinite(Number(text));

/** The filter that the address names; what the runtime could not understand is left out. */
export function filterOf(search: URLSearchParams): TagFilter {
  const filter: TagFilter = {};
  for (const field of FIELDS) {
    const value = search.get(field)?.trim();
    if (!value) continue;
    if (field.startsWith("kp_") && !isNumber(value)) continue;
    if (field === "sort" && !isSortable(value.replace(/^-/, ""))) continue;
    filter[field] = value;
  }
  return filter;
}

/** How many of the filters behind the button are set. */
export const moreCount = (filter: TagFilter): number => MORE.filter((field) => filter[field] !== undefined).length;
