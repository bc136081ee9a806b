/** Pens over time, drawn by uPlot; loaded only where a trend is shown. */
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, type RefObject } from "react";
import "uplot/dist/uPlot.min.css";
import { Chart } from "./trend-canvas";
import type { TrendMarks } from "./trend-marks";
import type { TrendModel } from "./trend-model";
import type { PenView } from "./trend-options";
import type { Overlay } from "./trend-overlay";
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
  /** While given, a click and a drag pick an instant or a period in place of what they do otherwise. */
  onPick?: ((span: Span) => void) | null;
  /** Which note the pointer is at. */
  onNote?: (id: number | null) => void;
  /** Filled with the picture while there is one. */
  picture?: RefObject<HTMLCanvasElement | null>;
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
