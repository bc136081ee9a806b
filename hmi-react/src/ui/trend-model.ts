/** A running trend: loads history, follows live samples, and says when to draw. No React, no chart library. */
import { fetchPlot } from "@/api/history";
import { connection, presentS, tagStore } from "@/live/live";
import type { Live } from "@/live/tag-store";
import { heldPoints, PenData } from "./trend-data";
import { NO_POINTS, type PenPoints } from "./trend-points";
import { sameSpan, type Span } from "./trend-range";

/** After so many live points a pen's history is read again. */
const RELOAD_AT = 4_000;
/** A span that is being moved is asked for when it has rested so long. */
const REST_MS = 150;

const noop = (): void => undefined;

type Loader = typeof fetchPlot;

interface Asked {
  rangeS: number;
  /** How much earlier the pens are shown as well; 0: not. */
  compareS?: number;
  /** Pixels. */
  width?: number;
}

export class TrendModel {
  private readonly pens = new Map<string, PenData>();
  private readonly earlier = new Map<string, PenData>();
  private readonly rangeS: number;
  readonly compareS: number;
  private leave: (() => void)[] = [];
  private loading: AbortController | null = null;
  /** Whether the connection came back while the record was being read. */
  private missed = false;
  private resting: ReturnType<typeof setTimeout> | undefined;
  /** A fixed span while the user looks at the past; null while it follows the present. */
  private held: Span | null = null;
  private until: number | null = null;
  private earlierUntil = Infinity;
  /** Pixels that a line may have. */
  width: number;
  /** Called when what is shown has changed, other than by the passing of time. */
  onChange: () => void = noop;
  error: unknown = null;
  loaded = false;
  /** Before this time some of the pens have no samples any more; null if all have. */
  keptFrom: number | null = null;

  constructor(
    readonly tags: readonly string[],
    asked: Asked,
    private readonly changed: () => void,
    private readonly load: Loader = fetchPlot,
  ) {
    this.rangeS = asked.rangeS;
    this.compareS = asked.compareS ?? 0;
    this.width = asked.width ?? 1_000;
    for (const tag of tags) {
      this.pens.set(tag, new PenData(tag));
      this.earlier.set(tag, new PenData(tag));
    }
  }

  /** Begin to follow, or with a span to look at it; gives a function that ends it. */
  start(span: Span | null = null): () => void {
    this.held = span;
    this.leave = this.tags.map((tag) => tagStore.subscribe(tag, noop));
    this.leave.push(tagStore.onSample((name, sample) => this.take(name, sample)));
    let live = connection.isLive();
    this.leave.push(
      connection.subscribe(() => {
        if (connection.isLive() && !live) this.catchUp();
        live = connection.isLive();
      }),
    );
    void this.reload();
    return () => {
      clearTimeout(this.resting);
      this.loading?.abort();
      for (const leave of this.leave) leave();
    };
  }

  span(): Span {
    if (this.held) return this.held;
    const end = presentS();
    return { start: end - this.rangeS, end };
  }

  get following(): boolean {
    return this.held === null;
  }

  /** Look at a fixed span, with its own resolution as soon as it rests; null follows the present again. */
  look(span: Span | null): void {
    if (sameSpan(this.held, span)) return;
    this.held = span;
    if (span !== null) for (const pen of this.pens.values()) pen.forgetLive();
    this.onChange();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => void this.reload(), REST_MS);
  }

  points(): PenPoints[] {
    const { start, end } = this.span();
    const now = Math.min(end, this.following ? presentS() : (this.until ?? -Infinity));
    return this.tags.map((tag) => {
      const live = tagStore.get(tag);
      const known = !this.following || (live !== undefined && connection.isLive());
      const points = this.pens.get(tag)?.points(start, end, known ? now : null) ?? NO_POINTS;
      return points.time.length === 0 && live && this.following && this.loaded ? heldPoints(live, start, now) : points;
    });
  }

  /** The same pens some time earlier; none without a comparison. */
  earlierPoints(): PenPoints[] {
    if (this.compareS === 0) return [];
    const { start, end } = this.span();
    const [from, to] = [start - this.compareS, end - this.compareS];
    return this.tags.map((tag) => this.earlier.get(tag)?.points(from, to, Math.min(to, this.earlierUntil)) ?? NO_POINTS);
  }

  /** Housekeeping, called about once a second. */
  tend(): void {
    if (this.held) return;
    let due = this.compareS > 0 && this.span().end - this.compareS > this.earlierUntil;
    for (const pen of this.pens.values()) due ||= pen.livePoints > RELOAD_AT;
    if (due && this.loading === null) void this.reload();
  }

  async reload(): Promise<void> {
    this.loading?.abort();
    const loading = new AbortController();
    this.loading = loading;
    const span = this.span();
    try {
      await Promise.all([this.loadPens(span, loading.signal), this.compareS > 0 ? this.loadEarlier(span, loading.signal) : null]);
      this.error = null;
      this.loaded = true;
    } catch (error) {
      if (loading.signal.aborted) return;
      this.error = error;
    }
    if (this.loading === loading) this.loading = null;
    this.onChange();
    this.changed();
    if (this.missed) this.catchUp();
  }

  /** What came while there was no connection is only in the record: read it, if it is long enough to be seen. */
  private catchUp(): void {
    this.missed = this.loading !== null;
    if (this.missed) return;
    const { start, end } = this.span();
    const known = this.until ?? -Infinity;
    if (end - known > (end - start) / this.width) void this.reload();
  }

  /** Also while nobody looks, so that nothing is missing afterwards; what has left the span goes at once. */
  private take(name: string, sample: Live): void {
    const pen = this.following ? this.pens.get(name) : undefined;
    if (pen === undefined) return;
    pen.add(sample, this.rangeS / 500);
    pen.trim(this.span().start);
    this.onChange();
  }

  private async loadPens({ start, end }: Span, signal: AbortSignal): Promise<void> {
    const { series, until } = await this.load(this.tags, start, end, this.width, signal);
    if (signal.aborted) return;
    this.until = until;
    const kept = series.flatMap((one) => one.kept_from ?? []);
    this.keptFrom = kept.length > 0 ? Math.max(...kept) : null;
    for (const one of series) this.pens.get(one.tag)?.setHistory(one);
  }

  /** While it follows, a little ahead, so that it need not be asked for all the time. */
  private async loadEarlier({ start, end }: Span, signal: AbortSignal): Promise<void> {
    const ahead = this.following ? Math.min(this.rangeS / 10, this.compareS / 2) : 0;
    const reach = end - this.compareS + ahead;
    const { series } = await this.load(this.tags, start - this.compareS, reach, this.width, signal);
    if (signal.aborted) return;
    this.earlierUntil = reach;
    for (const one of series) this.earlier.get(one.tag)?.setHistory(one);
  }
}
