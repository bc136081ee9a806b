/** Pens over time, drawn by uPlot; loaded only where a trend is shown. */
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, type RefObject } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { presentS } from "@/live/live";
import { align, lineThrough, shownPoints, valueAt, type PenPoints } from "./trend-data";
import { listen, zoomToSelected } from "./trend-gestures";
import { drawMarks, reachOf, shownMarks, type TrendMarks } from "./trend-marks";
import type { TrendModel } from "./trend-model";
import { axesIn, chartOptions, INK, type PenView, type Scheme } from "./trend-options";
import { drawCursors, drawLimits, drawNumbers, drawPeriods, overlayReach, type Overlay } from "./trend-overlay";
import type { Span } from "./trend-range";

export interface Reading {
  time: number;
  values: (number | null)[];
}

/** What is shown at the pointer and at the fixed cursors. */
export interface Readings {
  pointer: Reading | null;
  a: Reading | null;
  b: Reading | null;
}

export interface ChartProps {
  model: TrendModel;
  pens: readonly PenView[];
  /** One scale for all pens, such as in a faceplate. */
  compact?: boolean;
  marks?: TrendMarks | null;
  overlay?: Overlay | null;
  onRead?: (readings: Readings) => void;
  onLook?: (span: Span) => void;
  onClick?: (time: number) => void;
  /** Filled with the picture while there is one. */
  picture?: RefObject<HTMLCanvasElement | null>;
}

const DRAW_MS = 250;

/** A chart of pens in a box, until it is closed. */
class Chart {
  private readonly plot: uPlot;
  private readonly closing: (() => void)[] = [];
  private shown: PenPoints[] = [];
  private drawn = -1;
  private pointer: number | null = null;
  /** Whether somebody shows readings, as after another chart, that may have to go. */
  private told = true;
  private marks: TrendMarks | null;
  private overlay: Overlay | null;

  constructor(
    private readonly box: HTMLDivElement,
    private readonly model: TrendModel,
    private readonly pens: readonly PenView[],
    compact: boolean,
    private readonly scheme: Scheme,
    private readonly props: { readonly current: ChartProps },
  ) {
    const { picture, marks = null, overlay = null } = props.current;
    this.marks = marks && shownMarks(marks, pens[0]?.conversion);
    this.overlay = overlay;
    const size = this.size();
    model.width = Math.max(100, size.width);
    const options = chartOptions(pens, { scheme, compact, compared: model.compareS > 0, room: axesIn(size.width), reach: (scale) => this.reach(scale) });
    const hooks: uPlot.Hooks.Arrays = { setCursor: [(plot) => this.pointed(plot)], setSelect: [(plot) => zoomToSelected(plot, this.hands)], drawClear: [() => this.under()], draw: [() => this.over()] };
    this.plot = new uPlot({ ...options, ...size, hooks }, this.data(), box);
    if (props.current.onLook) this.closing.push(listen(this.plot, this.hands));
    if (picture) picture.current = this.plot.ctx.canvas;
    const timers = [window.setInterval(() => document.visibilityState === "visible" && this.draw(), DRAW_MS), window.setInterval(() => model.tend(), 1000)];
    const watch = new ResizeObserver(() => this.resize());
    watch.observe(box);
    this.closing.push(() => {
      for (const timer of timers) window.clearInterval(timer);
      watch.disconnect();
    });
    this.draw(true);
  }

  close(): void {
    for (const close of this.closing) close();
    if (this.props.current.picture) this.props.current.picture.current = null;
    this.plot.destroy();
  }

  /** From now on with these beside the lines. */
  decorate(marks: TrendMarks | null, overlay: Overlay | null): void {
    this.marks = marks && shownMarks(marks, this.pens[0]?.conversion);
    this.overlay = overlay;
    this.draw(true);
  }

  /** Draw anew, unless it is the same as before. */
  draw(anyway = false): void {
    const { model } = this;
    if (!anyway && !model.following && model.version === this.drawn) return;
    this.drawn = model.version;
    const { start, end } = model.span();
    this.plot.batch(() => {
      this.plot.setData(this.data(), false);
      this.plot.setScale("x", { min: start, max: end });
    });
    this.tell();
  }

  private readonly hands = {
    span: (): Span => this.model.span(),
    look: (span: Span): void => {
      this.props.current.onLook?.(span);
      this.draw();
    },
    click: (time: number): void => this.props.current.onClick?.(time),
  };

  private size(): { width: number; height: number } {
    return { width: Math.max(80, this.box.clientWidth), height: Math.max(60, this.box.clientHeight) };
  }

  private resize(): void {
    const size = this.size();
    this.model.width = Math.max(100, size.width);
    this.plot.setSize(size);
  }

  private data(): uPlot.AlignedData {
    const { model, pens } = this;
    const shown = (all: PenPoints[]): PenPoints[] => all.map((points, at) => shownPoints(points, pens[at]?.conversion));
    this.shown = shown(model.points());
    const lines = [...this.shown, ...shown(model.earlierPoints())].map((points, at) => lineThrough(points, pens[at % pens.length]?.stepped ?? false));
    return align(lines) as unknown as uPlot.AlignedData;
  }

  private reach(scale: string): readonly number[] {
    const { pens, overlay } = this;
    return [...(scale === pens[0]?.scale ? reachOf(this.marks) : []), ...overlayReach(overlay, pens, scale)];
  }

  private scene() {
    return { plot: this.plot, pens: this.pens, scheme: this.scheme, now: presentS() };
  }

  private under(): void {
    const { overlay } = this;
    if (overlay && this.plot) drawPeriods(this.scene(), overlay.periods);
  }

  private over(): void {
    // The library draws once while it is being made.
    if (!this.plot) return;
    const { overlay, pens, marks } = this;
    if (marks && pens[0]) drawMarks(this.plot, pens[0].scale, marks, INK[this.scheme].mark);
    if (overlay === null) return;
    drawLimits(this.scene(), overlay.limits);
    drawNumbers(this.scene(), this.shown);
    if (overlay.cursors) drawCursors(this.scene(), overlay.cursors);
  }

  private pointed(plot: uPlot): void {
    const { left } = plot.cursor;
    this.pointer = left === undefined || left < 0 ? null : plot.posToVal(left, "x");
    this.tell();
  }

  private tell(): void {
    const { onRead } = this.props.current;
    const { overlay } = this;
    const read = (time: number | null | undefined): Reading | null => (time === null || time === undefined ? null : { time, values: this.shown.map((points) => valueAt(points, time)) });
    const told = this.pointer !== null || Boolean(overlay?.cursors);
    if (told || this.told) onRead?.({ pointer: read(this.pointer), a: read(overlay?.cursors?.a), b: read(overlay?.cursors?.b) });
    this.told = told;
  }
}

export default function TrendChart(props: ChartProps) {
  const { model, pens, compact = false, marks = null, overlay = null } = props;
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme("light");
  const latest = useRef(props);
  const chart = useRef<Chart | null>(null);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    if (box.current === null) return undefined;
    const made = new Chart(box.current, model, pens, compact, scheme, latest);
    chart.current = made;
    return () => {
      made.close();
      chart.current = null;
    };
  }, [model, pens, scheme, compact]);
  useEffect(() => chart.current?.decorate(marks, overlay), [marks, overlay]);
  return <div className="trend" ref={box} role="img" aria-label={pens.map((pen) => pen.tag).join(", ")} />;
}
