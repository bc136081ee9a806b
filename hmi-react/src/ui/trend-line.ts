/** The line of a pen, drawn from its points. Of a line that grows only the new end is traced; the rest of it is moved along. */
import type { PenPoints } from "./trend-points";

/** Where time and value lie in the picture, in its own pixels. */
export interface Frame {
  left: number;
  bottom: number;
  /** Time at the left. */
  start: number;
  /** Value at the bottom. */
  low: number;
  /** Pixels of a second, and of one of the unit. */
  perSecond: number;
  perUnit: number;
}

/** How a pen is drawn. */
export interface LineLook {
  colour: string;
  width: number;
  /** A value holds until the next point. */
  stepped: boolean;
  /** From the tag's unit to the one that is shown: value * slope + shift. */
  slope: number;
  shift: number;
  /** Seconds by which it is drawn later than it was. */
  later: number;
}

interface Trail {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** What runs from a point to the next: nothing that is known, a value that is certain, or one that is not. */
type Run = "none" | "sure" | "unsure";

/** A value holds until the break after it, and is uncertain meanwhile unless the pen is stepped; on a slope both ends must be certain. */
function runAfter({ value, sure }: PenPoints, at: number, stepped: boolean): Run {
  if (Number.isNaN(value[at])) return "none";
  const certain = sure[at] === 1 && (stepped || (sure[at + 1] === 1 && !Number.isNaN(value[at + 1])));
  return certain ? "sure" : "unsure";
}

/** A line that is being traced: its certain and its uncertain parts, and where each is. */
interface Tracing {
  sure: Trail;
  unsure: Trail;
  /** What the line ended with. */
  run: Run;
  /** Whether there is an uncertain part at all. */
  doubt: boolean;
}

type Place = (number: number) => number;

/** Trace the line from one index of the points to another; x and y are pixels. */
function trace(to: Tracing, points: PenPoints, span: readonly [number, number], stepped: boolean, x: Place, y: Place): void {
  const { time, value } = points;
  for (let at = span[0]; at < span[1]; at += 1) {
    const run = runAfter(points, at, stepped);
    if (run !== "none") {
      const trail = run === "sure" ? to.sure : to.unsure;
      to.doubt ||= run === "unsure";
      const [height, next] = [value[at] as number, value[at + 1] as number];
      const right = x(time[at + 1] as number);
      if (run !== to.run) trail.moveTo(x(time[at] as number), y(height));
      const level = stepped || Number.isNaN(next);
      if (level) trail.lineTo(right, y(height));
      if (!Number.isNaN(next) && (!level || next !== height)) trail.lineTo(right, y(next));
    }
    to.run = run;
  }
}

/** What was traced already, in the frame of that time. */
interface Traced extends Tracing {
  sure: Path2D;
  unsure: Path2D;
  edition: number;
  frame: Frame;
  /** Numbers of the points from which to which it goes. */
  from: number;
  to: number;
}

/** A line is traced anew when it is drawn so many times larger or smaller, or so much of the picture has gone out of it. */
const STRETCH = 4;
const GONE = 0.25;

const DASH = [3, 3];

const near = (now: number, then: number): boolean => now / then < STRETCH && then / now < STRETCH;

/** One pen's line. */
export class PenLine {
  private traced: Traced | null = null;

  constructor(private readonly look: LineLook) {}

  /** Draw it; ratio: pixels of the picture to those of the page. width: of the picture. */
  draw(ctx: CanvasRenderingContext2D, points: PenPoints, frame: Frame, width: number, ratio: number): void {
    if (points.time.length === 0) return;
    const { colour, width: thickness } = this.look;
    const whole = this.settled(points, frame, width);
    const now = this.placed(whole, frame);
    this.finish(now, points, frame, whole.to - points.first);
    ctx.strokeStyle = colour;
    ctx.lineWidth = thickness * ratio;
    ctx.lineJoin = "bevel";
    ctx.setLineDash([]);
    ctx.stroke(now.sure);
    if (!now.doubt) return;
    ctx.setLineDash(DASH.map((one) => one * ratio));
    ctx.stroke(now.unsure);
  }

  private x({ left, start, perSecond }: Frame): Place {
    const from = start - this.look.later;
    return (time) => left + (time - from) * perSecond;
  }

  private y({ bottom, low, perUnit }: Frame): Place {
    const { slope, shift } = this.look;
    return (value) => bottom - (value * slope + shift - low) * perUnit;
  }

  /** The part of the line that stays as it is, from the first of the points on. */
  private settled(points: PenPoints, frame: Frame, width: number): Traced {
    const { first, settled, edition, time } = points;
    const last = Math.min(settled, first + time.length - 1);
    let { traced } = this;
    if (traced === null || !this.serves(traced, points, frame, width)) {
      traced = { sure: new Path2D(), unsure: new Path2D(), run: "none", doubt: false, edition, frame, from: first, to: first };
      this.traced = traced;
    }
    if (last > traced.to) {
      trace(traced, points, [traced.to - first, last - first], this.look.stepped, this.x(traced.frame), this.y(traced.frame));
      traced.to = last;
    }
    return traced;
  }

  private serves(traced: Traced, points: PenPoints, frame: Frame, width: number): boolean {
    if (traced.edition !== points.edition || points.first < traced.from || points.first > traced.to || points.settled < traced.to) return false;
    const gone = (frame.start - traced.frame.start) * frame.perSecond;
    return near(frame.perSecond, traced.frame.perSecond) && near(frame.perUnit, traced.frame.perUnit) && gone < width * GONE;
  }

  /** What was traced, where it lies in the present frame. */
  private placed({ sure, unsure, frame: then, doubt }: Traced, frame: Frame): Tracing & { sure: Path2D; unsure: Path2D } {
    const [a, d] = [frame.perSecond / then.perSecond, frame.perUnit / then.perUnit];
    const e = frame.left + (then.start - frame.start) * frame.perSecond - then.left * a;
    const f = frame.bottom - (then.low - frame.low) * frame.perUnit - then.bottom * d;
    const now = { sure: new Path2D(), unsure: new Path2D(), run: "none" as const, doubt };
    now.sure.addPath(sure, { a, d, e, f });
    if (doubt) now.unsure.addPath(unsure, { a, d, e, f });
    return now;
  }

  /** The end of the line, which may be another one the next time; a point that nothing leads to or from is a dot. */
  private finish(now: Tracing, points: PenPoints, frame: Frame, from: number): void {
    const { time, value } = points;
    const last = time.length - 1;
    const [x, y] = [this.x(frame), this.y(frame)];
    trace(now, points, [from, last], this.look.stepped, x, y);
    if (Number.isNaN(value[last]) || (last > 0 && !Number.isNaN(value[last - 1]))) return;
    now.sure.moveTo(x(time[last] as number) - 1, y(value[last] as number));
    now.sure.lineTo(x(time[last] as number) + 1, y(value[last] as number));
  }
}
