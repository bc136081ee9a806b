/** An annotation while it is written. */
import type { Annotation, NewAnnotation } from "@/api/annotations";
import { lengthOf, toMillis, within, type Span } from "@/ui/trend-range";

export interface Draft extends NewAnnotation {
  /** null: a new one. */
  id: number | null;
}

/** A new one of an instant, or of a period where it is longer than that. */
export function draftOf(span: Span, pens: readonly string[]): Draft {
  const { start, end } = toMillis(span);
  return { id: null, time: start, end: end > start ? end : null, tags: [...pens], text: "" };
}

export const draftOfAnnotation = ({ id, time, end, tags, text }: Annotation): Draft => ({ id, time, end, tags: [...tags], text });

export const isOrdered = ({ time, end }: Draft): boolean => end === null || end >= time;

export const isReady = (draft: Draft): boolean => draft.text.trim() !== "" && draft.tags.length > 0 && isOrdered(draft);

export const bodyOf = ({ time, end, tags, text }: Draft): NewAnnotation => ({ time, end, tags, text: text.trim() });

/** A span that shows it: a period with some of what was before and after, an instant in the middle of a span as long as the present one. */
export function spanAround({ time, end }: NewAnnotation, shown: Span, now: number): Span {
  const edge = end === null || end === time ? lengthOf(shown) / 2 : (end - time) / 4;
  return within({ start: time - edge, end: (end ?? time) + edge }, now);
}
