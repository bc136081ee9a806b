/** A running trend: loads history, follows live samples, and says when to draw. No React, no chart library. */
import { fetchBuckets } from "@/api/queries";
import { connection, presentS, tagStore } from "@/live/live";
import { heldPoints, NO_POINTS, PenData, type PenPoints } from "./trend-data";

const BUCKETS = 600;
/** After so many live points a pen's history is read again, in buckets. */
const RELOAD_AT = 4_000;

export interface Span {
  start: number;
  end: number;
}

const noop = (): void => undefined;

type Loader = typeof fetchBuckets;

export class TrendModel {
  private readonly pens = new Map<string, PenData>();
  private leave: (() => void)[] = [];
  private loading: AbortController | null = null;
  /** A fixed span while the user looks at the past; null while it follows the present. */
  private held: Span | null = null;
  error: unknown = null;
  loaded = false;

  constructor(
    readonly tags: readonly string[],
    private rangeS: number,
    private readonly changed: () => void,
    private readonly load: Loader = fetchBuckets,
  ) {
    for (const tag of tags) this.pens.set(tag, new PenData(tag));
  }

  /** Begin to follow; gives a function that ends it. */
  start(): () => void {
    this.leave = this.tags.map((tag) => tagStore.subscribe(tag, noop));
    this.leave.push(tagStore.onSample((name, sample) => this.pens.get(name)?.add(sample, this.rangeS / 2000)));
    void this.reload();
    return () => {
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

  /** Look at a fixed span, with its own resolution; null follows the present again. */
  hold(span: Span | null): void {
    this.held = span;
    void this.reload();
  }

  points(): PenPoints[] {
    const { start, end } = this.span();
    const now = presentS();
    return this.tags.map((tag) => {
      const live = tagStore.get(tag);
      const pen = this.pens.get(tag);
      const points = pen?.points(start, end, live && connection.isLive() ? Math.min(now, end) : null) ?? NO_POINTS;
      return points.time.length === 0 && live && this.following && this.loaded ? heldPoints(live, start, Math.min(now, end)) : points;
    });
  }

  /** Housekeeping, called about once a second. */
  tend(): void {
    if (this.held) return;
    const { start } = this.span();
    let many = false;
    for (const pen of this.pens.values()) {
      pen.trim(start);
      many ||= pen.livePoints > RELOAD_AT;
    }
    if (many && this.loading === null) void this.reload();
  }

  async reload(): Promise<void> {
    this.loading?.abort();
    const loading = new AbortController();
    this.loading = loading;
    const { start, end } = this.span();
    try {
      const series = await this.load(this.tags, start, end, BUCKETS, loading.signal);
      for (const one of series) this.pens.get(one.tag)?.setHistory(one);
      this.error = null;
      this.loaded = true;
    } catch (error) {
      if (loading.signal.aborted) return;
      this.error = error;
    }
    if (this.loading === loading) this.loading = null;
    this.changed();
  }
}
