/** Lines and bands that a trend shows beside its pens, such as a limit while it is typed; in the unit of the first pen's tag. */
import type uPlot from "uplot";
import { lineOf, type Conversion } from "./units";

export interface TrendMarks {
  lines: readonly number[];
  /** Each from and to. */
  bands: readonly (readonly [number, number])[];
}

/** The marks in the unit that is shown. */
export function shownMarks(marks: TrendMarks, conversion: Conversion | null | undefined): TrendMarks {
  if (!conversion) return marks;
  const { slope, start } = lineOf(conversion);
  const shown = (value: number): number => value * slope + start;
  return { lines: marks.lines.map(shown), bands: marks.bands.map(([from, to]) => [shown(from), shown(to)] as const) };
}

/** The values that the axis must reach. */
export const reachOf = (marks: TrendMarks | null): number[] => (marks === null ? [] : [...marks.lines, ...marks.bands.flat()].filter(Number.isFinite));

/** Draw them over the chart; the colour is that of a limit in the present scheme. */
export function drawMarks(plot: uPlot, scale: string, marks: TrendMarks, colour: string): void {
  const { ctx, bbox } = plot;
  const at = (value: number): number => plot.valToPos(value, scale, true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.strokeStyle = colour;
  ctx.fillStyle = `${colour}30`;
  for (const band of marks.bands) {
    const [from, to] = [at(band[0]), at(band[1])];
    ctx.fillRect(bbox.left, Math.min(from, to), bbox.width, Math.abs(to - from));
  }
  ctx.lineWidth = 2;
  ctx.setLineDash([8, 4]);
  for (const line of marks.lines) {
    ctx.beginPath();
    ctx.moveTo(bbox.left, at(line));
    ctx.lineTo(bbox.left + bbox.width, at(line));
    ctx.stroke();
  }
  ctx.restore();
}
