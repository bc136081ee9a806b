/** The arithmetic of a span of time that is looked at: closer, wider, earlier, later. */

export interface Span {
  start: number;
  end: number;
}

/** Less than this is closer than samples are. */
export const LEAST_S = 1;
/** As far as one question may reach. */
export const MOST_S = 3_600 * 86_400;

export const lengthOf = (span: Span): number => span.end - span.start;

/** The span, not shorter or longer than can be looked at, and not beyond the present. */
export function within(span: Span, now: number): Span {
  const length = Math.min(MOST_S, Math.max(LEAST_S, lengthOf(span)));
  const middle = (span.start + span.end) / 2;
  const start = lengthOf(span) === length ? span.start : middle - length / 2;
  const end = Math.min(start + length, now);
  return { start: Math.max(0, end - length), end };
}

/** So many times as long around an instant that keeps its place; below 1 is closer. */
export function zoomed(span: Span, factor: number, around: number, now: number): Span {
  const bounded = Math.min(MOST_S, Math.max(LEAST_S, lengthOf(span) * factor));
  const real = bounded / lengthOf(span);
  return within({ start: around - (around - span.start) * real, end: around + (span.end - around) * real }, now);
}

/** As long, but earlier or later by a part of its length. */
export function panned(span: Span, part: number, now: number): Span {
  const by = lengthOf(span) * part;
  return within({ start: span.start + by, end: span.end + by }, now);
}

/** How much a turn of the wheel zooms, whatever unit the browser counts it in. */
export function wheelFactor(delta: number, mode: number): number {
  const pixels = delta * (mode === 1 ? 16 : mode === 2 ? 400 : 1);
  return Math.exp(Math.min(1, Math.max(-1, pixels / 400)));
}

export const sameSpan = (one: Span | null, other: Span | null): boolean =>
  one === other || (one !== null && other !== null && one.start === other.start && one.end === other.end);

/** The span as addresses keep it. */
export const toMillis = (span: Span): Span => ({ start: Math.round(span.start * 1000) / 1000, end: Math.round(span.end * 1000) / 1000 });
