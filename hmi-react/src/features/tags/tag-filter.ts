/** Which tags a filter lets through. */
import type { Severity, TagView } from "@/api/types";

export const KINDS = ["field", "soft", "output", "derived", "system"] as const;
export const SEVERITIES = ["GOOD", "UNCERTAIN", "BAD"] as const;

export interface TagFilter {
  text: string;
  area: string;
  kind: string;
  quality: string;
}

/** The tags whose name, description, source or formula has every word, and that match the other filters. */
export function filterTags(tags: readonly TagView[], filter: TagFilter, severity: (tag: TagView) => Severity): TagView[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return tags.filter((tag) => {
    if (filter.area && tag.area !== filter.area) return false;
    if (filter.kind && tag.kind !== filter.kind) return false;
    if (filter.quality && severity(tag) !== filter.quality) return false;
    const text = `${tag.name} ${tag.description} ${tag.source ?? tag.expression ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
