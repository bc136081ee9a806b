/** When a trend is drawn: with the frames of the browser, as often as it changes but not oftener than an eye follows, never while it is hidden. */

/** Up to fifteen times a second where a second is many pixels, and five times where it is few. */
const LEAST_MS = 66;
const MOST_MS = 200;
/** While nothing changes a line still grows; so many seconds may pass until it is seen. */
const GROW_MS = 5_000;

export class Pace {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame: number | undefined;
  /** When the timer or the frame comes. */
  private due = Infinity;
  private drawn = -Infinity;
  private closed = false;

  /** pixelMs: how long a pixel's worth of time takes; null while time does not move what is shown. */
  constructor(
    private readonly draw: () => void,
    private readonly pixelMs: () => number | null,
  ) {
    document.addEventListener("visibilitychange", this.changed);
  }

  close(): void {
    this.closed = true;
    this.forget();
    document.removeEventListener("visibilitychange", this.changed);
  }

  /** Something changed: draw soon. */
  readonly changed = (): void => {
    const pixel = this.pixelMs();
    this.plan(this.drawn + Math.min(MOST_MS, Math.max(LEAST_MS, (pixel ?? 0) / 4)));
  };

  /** It was drawn; the next time only the line has grown. */
  settle(): void {
    this.forget();
    this.drawn = performance.now();
    const pixel = this.pixelMs();
    if (pixel !== null) this.plan(this.drawn + Math.min(GROW_MS, Math.max(LEAST_MS, pixel)));
  }

  private plan(at: number): void {
    if (this.closed || at >= this.due || document.visibilityState !== "visible") return;
    this.forget();
    this.due = at;
    const wait = at - performance.now();
    if (wait <= 0) this.ask();
    else this.timer = setTimeout(() => this.ask(), wait);
  }

  /** With the next frame, so that none is drawn twice or while the browser lags; but after it, as then the lines are filled outside of the page's own thread. */
  private ask(): void {
    this.due = -Infinity;
    this.frame = requestAnimationFrame(() => {
      this.timer = setTimeout(() => {
        this.forget();
        if (document.visibilityState === "visible") this.draw();
      });
    });
  }

  private forget(): void {
    clearTimeout(this.timer);
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    this.due = Infinity;
  }
}
