/** The annotations of the pens within what is shown, and what is being done with them. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { fetchAnnotations, type Annotation } from "@/api/annotations";
import { useEventNews } from "@/live/event-news";
import { presentS } from "@/live/live";
import type { Note } from "@/ui/trend-notes";
import type { Span } from "@/ui/trend-range";
import type { Draft } from "./annotation-draft";
import type { TrendState } from "./trend-address";

const NONE: readonly Annotation[] = [];
const REFRESH_MS = 30_000;

export interface Annotations {
  items: readonly Annotation[];
  /** The same for the chart, numbered as in the list. */
  notes: readonly Note[];
  failed: unknown;
  /** Whose text is shown. */
  open: number | null;
  show(id: number | null): void;
  /** Whether the chart is asked for the time of a new one. */
  picking: boolean;
  pick(on: boolean): void;
  draft: Draft | null;
  write(draft: Draft | null): void;
}

/** span: what is asked for; it need not be exact. */
export function useAnnotations(state: TrendState, span: Span): Annotations {
  const { pens, range, notes: wanted, table } = state;
  const following = state.span === null;
  const [open, show] = useState<number | null>(null);
  const [picking, pick] = useState(false);
  const [draft, write] = useState<Draft | null>(null);
  const enabled = wanted && !table;
  const query = useQuery({
    queryKey: ["annotations", "trend", pens, following ? range : span.start, following ? null : span.end],
    queryFn: ({ signal }) => fetchAnnotations(pens, following ? presentS() - range : span.start, following ? null : span.end, signal),
    enabled,
    // Those that have left the range go from the list too.
    refetchInterval: following ? REFRESH_MS : false,
    placeholderData: (before) => before,
  });
  // Whoever annotates is journalled, which is an event.
  useEventNews(() => void query.refetch(), enabled);
  const items = enabled ? (query.data ?? NONE) : NONE;
  const notes = useMemo(() => items.map((one, at): Note => ({ id: one.id, number: at + 1, start: one.time, end: one.end, text: one.text })), [items]);
  return { items, notes, failed: enabled ? query.error : null, open, show, picking, pick, draft, write };
}
