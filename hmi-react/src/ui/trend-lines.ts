/** The lines of all pens of a chart: where they lie, what their axes must reach, and what is read from them. */
import type uPlot from "uplot";
import { PenLine, type LineLook } from "./trend-line";
import { inside, type LineEnd } from "./trend-overlay";
import { extremes, NO_POINTS, valueAt, type PenPoints } from "./trend-points";

/** The lines of the pens, and thinner ones of an earlier time. */
export class TrendLines {
  private readonly drawn: readonly { line: PenLine; scale: string; look: LineLook }[];
  /** Of each drawn line. */
  private points: readonly PenPoints[] = [];
  private reached = new Map<string, [number, number]>();
  private end = 0;

  /** scales: of each pen. */
  constructor(
    private readonly scales: readonly string[],
    looks: readonly LineLook[],
    earlier: readonly LineLook[],
  ) {
    this.drawn = [...looks, ...earlier].map((look, at) => ({ line: new PenLine(look), look, scale: scales[at % scales.length] ?? "" }));
  }

  /** From now on of these points, within a span. */
  take(points: readonly PenPoints[], earlier: readonly PenPoints[], start: number, end: number): void {
    this.points = [...points, ...earlier];
    this.end = end;
    this.reached = new Map();
    this.drawn.forEach(({ scale, look }, at) => {
      const found = extremes(this.points[at] ?? NO_POINTS, start - look.later, end - look.later, look.stepped);
      if (found === null) return;
      const shown = found.map((value) => value * look.slope + look.shift);
      const before = this.reached.get(scale) ?? [];
      this.reached.set(scale, [Math.min(...before, ...shown), Math.max(...before, ...shown)]);
    });
  }

  /** The least and the greatest value of a scale, in the unit that is shown. */
  reach = (scale: string): readonly number[] => this.reached.get(scale) ?? [];

  draw(plot: uPlot): void {
    const { bbox, scales } = plot;
    const [start, end] = [scales["x"]?.min ?? 0, scales["x"]?.max ?? 1];
    const across = { left: bbox.left, bottom: bbox.top + bbox.height, start, perSecond: bbox.width / (end - start) };
    inside(plot, (ctx, ratio) =>
      this.drawn.forEach(({ line, scale }, at) => {
        const { min: low, max: high } = scales[scale] ?? {};
        if (typeof low !== "number" || typeof high !== "number") return;
        line.draw(ctx, this.points[at] ?? NO_POINTS, { ...across, low, perUnit: bbox.height / (high - low) }, bbox.width, ratio);
      }),
    );
  }

  /** What each pen shows at a time, in the unit that is shown; null where it is not known. */
  valuesAt(time: number): (number | null)[] {
    return this.scales.map((_, at) => this.shown(at, valueAt(this.points[at] ?? NO_POINTS, time)));
  }

  /** Where the line of each pen ends within the span; null where it does not. */
  ends(): (LineEnd | null)[] {
    return this.scales.map((_, at) => {
      const points = this.points[at] ?? NO_POINTS;
      const time = Math.min(this.end, points.time.at(-1) ?? this.end);
      const value = this.shown(at, valueAt(points, time));
      return value === null ? null : { time, value };
    });
  }

  private shown(at: number, value: number | null): number | null {
    const { slope = 1, shift = 0 } = this.drawn[at]?.look ?? {};
    return value === null ? null : value * slope + shift;
  }
}
