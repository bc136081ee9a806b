/** What the chart library is told: scales per unit, axes, and how each pen is drawn. */
import uPlot from "uplot";
import { formatDate, formatNumber, formatTime } from "./format";
import { penStyle } from "./pens";

export interface PenView {
  tag: string;
  unit: string;
  /** Held until the next point: switches and counts do not slope. */
  stepped: boolean;
  range: readonly [number, number] | null;
}

type Scheme = "light" | "dark";

const INK = { light: { text: "#565e65", grid: "#cfd2d4", band: "20" }, dark: { text: "#a4adb4", grid: "#363d42", band: "28" } };
const FONT = '12px system-ui, "Segoe UI", "Liberation Sans", sans-serif';

const scaleOf = (pen: PenView): string => (pen.stepped && !pen.unit ? "state" : pen.unit || "value");

/** Axis limits from what is seen, with some air; a flat line lies in the middle. */
export function airy(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (low === high) return [low - Math.max(Math.abs(low) * 0.05, 0.5), high + Math.max(Math.abs(high) * 0.05, 0.5)];
  const air = (high - low) * 0.08;
  return [low - air, high + air];
}

function timeLabels(_: uPlot, splits: number[], __: number, ___: number, step: number): string[] {
  let day = "";
  return splits.map((split) => {
    const time = formatTime(split);
    const text = step < 60 ? time : time.slice(0, 5);
    const date = formatDate(split);
    if (step < 3600 && day !== "") return text;
    const label = date === day || day === "" ? text : `${text}\n${date.slice(5)}`;
    day = date;
    return label;
  });
}

const decimals = (step: number): number => (step >= 1 ? 0 : Math.min(6, Math.ceil(-Math.log10(step))));

function axes(scales: readonly string[], scheme: Scheme, compact: boolean): uPlot.Axis[] {
  const ink = INK[scheme];
  const common = { stroke: ink.text, font: FONT, ticks: { stroke: ink.grid, width: 1, size: 4 }, gap: 4 };
  const values = scales.slice(0, compact ? 1 : 2).map(
    (scale, index): uPlot.Axis => ({
      ...common,
      scale,
      side: index === 0 ? 3 : 1,
      size: compact ? 46 : 58,
      grid: { show: index === 0, stroke: ink.grid, width: 1 },
      values: (_, splits, __, ___, step) =>
        scale === "state" ? splits.map((v) => (v === 0 ? "Off" : v === 1 ? "On" : "")) : splits.map((v) => formatNumber(v, decimals(step))),
      ...(compact || scale === "value" || scale === "state" ? {} : { label: scale, labelSize: 16, labelFont: FONT, labelGap: 0 }),
    }),
  );
  return [{ ...common, scale: "x", size: compact ? 24 : 42, space: compact ? 70 : 90, grid: { stroke: ink.grid, width: 1 }, values: timeLabels }, ...values];
}

/** uPlot's options for these pens; three series each (value, min, max), the latter two as a shaded band. */
export function chartOptions(pens: readonly PenView[], scheme: Scheme, compact: boolean): Omit<uPlot.Options, "width" | "height"> {
  const scales: uPlot.Scales = { x: { time: true, auto: false } };
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  const linear = uPlot.paths.linear?.();
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  pens.forEach((pen, index) => {
    const scale = scaleOf(pen);
    const style = penStyle(index);
    const colour = style[scheme];
    scales[scale] ??= { auto: true, range: (_, low, high) => (scale === "state" ? [-0.1, 1.1] : airy(low, high)) };
    const paths = pen.stepped ? stepped : linear;
    const line: uPlot.Series = { scale, spanGaps: false, points: { show: false }, ...(paths ? { paths } : {}) };
    series.push({ ...line, label: pen.tag, stroke: colour, width: compact ? 1.5 : 1.75, dash: style.dash });
    series.push({ ...line, stroke: "transparent", width: 0 }, { ...line, stroke: "transparent", width: 0 });
    bands.push({ series: [index * 3 + 3, index * 3 + 2], fill: colour + INK[scheme].band });
  });
  return {
    scales,
    series,
    bands,
    axes: axes([...new Set(pens.map(scaleOf))], scheme, compact),
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
    padding: [8, compact ? 8 : null, 0, null],
  };
}
