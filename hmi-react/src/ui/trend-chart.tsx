/** Pens over time, drawn by uPlot; loaded only where a trend is shown. */
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { align, shownPoints, valueAt, type Point } from "./trend-data";
import { drawMarks, reachOf, shownMarks, type TrendMarks } from "./trend-marks";
import type { TrendModel } from "./trend-model";
import { chartOptions, INK, type PenView } from "./trend-options";

export interface Cursor {
  time: number;
  values: (number | null)[];
}

interface Props {
  model: TrendModel;
  pens: readonly PenView[];
  /** One scale for all pens, such as in a faceplate. */
  compact?: boolean;
  marks?: TrendMarks | null;
  onCursor?: (cursor: Cursor | null) => void;
  onZoom?: (start: number, end: number) => void;
}

const DRAW_MS = 250;

export default function TrendChart({ model, pens, compact = false, marks = null, onCursor, onZoom }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme("light");
  const handlers = useRef({ onCursor, onZoom });
  useEffect(() => {
    handlers.current = { onCursor, onZoom };
  }, [onCursor, onZoom]);
  // Read whenever the chart draws, so that it follows what is typed without being built anew.
  const marked = useRef<TrendMarks | null>(null);
  useEffect(() => {
    marked.current = marks && shownMarks(marks, pens[0]?.conversion);
  }, [marks, pens]);

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const options = chartOptions(pens, scheme, compact, () => reachOf(marked.current));
    const cursorMoved = (plot: uPlot): void => {
      const index = plot.cursor.idx;
      const times = plot.data[0] as number[];
      const time = index === null || index === undefined ? undefined : times[index];
      if (index === null || index === undefined || time === undefined) return handlers.current.onCursor?.(null);
      handlers.current.onCursor?.({ time, values: pens.map((_, pen) => valueAt(times, plot.data[1 + pen * 3] as Point[], index)) });
    };
    const selected = (plot: uPlot): void => {
      const { left, width } = plot.select;
      if (width < 8) return;
      const start = plot.posToVal(left, "x");
      const end = plot.posToVal(left + width, "x");
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      handlers.current.onZoom?.(start, end);
    };
    const data = (): uPlot.AlignedData => align(model.points().map((points, pen) => shownPoints(points, pens[pen]?.conversion))) as unknown as uPlot.AlignedData;
    const drawn = (plot: uPlot): void => {
      if (marked.current && pens[0]) drawMarks(plot, pens[0].scale, marked.current, INK[scheme].mark);
    };
    const size = { width: Math.max(80, element.clientWidth), height: Math.max(60, element.clientHeight) };
    const plot = new uPlot({ ...options, ...size, hooks: { setCursor: [cursorMoved], setSelect: [selected], draw: [drawn] } }, data(), element);
    const draw = (): void => {
      const { start, end } = model.span();
      plot.batch(() => {
        plot.setData(data(), false);
        plot.setScale("x", { min: start, max: end });
      });
    };
    draw();
    const drawing = window.setInterval(() => document.visibilityState === "visible" && draw(), DRAW_MS);
    const tending = window.setInterval(() => model.tend(), 1000);
    const watch = new ResizeObserver(() => plot.setSize({ width: Math.max(80, element.clientWidth), height: Math.max(60, element.clientHeight) }));
    watch.observe(element);
    return () => {
      window.clearInterval(drawing);
      window.clearInterval(tending);
      watch.disconnect();
      plot.destroy();
    };
  }, [model, pens, scheme, compact]);

  return <div className="trend" ref={box} role="img" aria-label={pens.map((pen) => pen.tag).join(", ")} />;
}
