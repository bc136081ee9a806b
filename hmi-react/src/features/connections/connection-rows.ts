/** What the connections page makes of a link: its words and numbers. */
import type { ErrorKind, LinkState, LinkView } from "@/api/types";
import { formatNumber, MISSING } from "@/ui/format";

const KINDS: readonly ErrorKind[] = ["down", "timeout", "refused", "other"];

/** What went wrong and how often, most often first; what never happened is left out. */
export function errorKinds(link: Pick<LinkView, "errors_by_kind">): { kind: ErrorKind; count: number }[] {
  const counts = KINDS.map((kind) => ({ kind, count: link.errors_by_kind[kind] ?? 0 }));
  return counts.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count);
}

/** Milliseconds with one digit after the point while that tells something; nothing was measured at 0. */
export function millis(value: number): string {
  if (value <= 0) return MISSING;
  return `${formatNumber(value, value < 100 ? 1 : 0)} ms`;
}

/** A period, such as "100 ms", "1 s" or "2.5 s". */
export const period = (seconds: number): string => (seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${Number(seconds.toFixed(3))} s`);

/** True for a state in which values do not come although they should. */
export const isTrouble = (state: LinkState): boolean => state === "lost" || state === "refusing";
