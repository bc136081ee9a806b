/** Elevation over kilometre posts, drawn by uPlot; gaps where no elevation was surveyed. */
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { ReferencePoint } from "@/api/linear-references";

const INK = { light: { text: "#565e65", grid: "#cfd2d4", line: "#1b2024" }, dark: { text: "#a4adb4", grid: "#363d42", line: "#e1e4e6" } };

export default function ProfileChart({ points }: { points: readonly ReferencePoint[] }) {
  const box = useRef<HTMLDivElement>(null);
  const ink = INK[useComputedColorScheme("light")];
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const axis = { stroke: ink.text, ticks: { stroke: ink.grid, width: 1, size: 4 }, grid: { stroke: ink.grid, width: 1 }, gap: 4 };
    const size = () => ({ width: Math.max(80, element.clientWidth), height: Math.max(60, element.clientHeight) });
    const options: uPlot.Options = {
      ...size(),
      scales: { x: { time: false } },
      series: [{ label: "km" }, { label: "m", stroke: ink.line, width: 1.5, points: { show: points.length <= 60, size: 5 } }],
      axes: [
        { ...axis, label: "km", labelSize: 16, size: 28 },
        { ...axis, label: "m", labelSize: 16, size: 46 },
      ],
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
    };
    const plot = new uPlot(options, [points.map((point) => point.km), points.map((point) => point.elevation)], element);
    const watch = new ResizeObserver(() => plot.setSize(size()));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [points, ink]);
  return <div className="references-chart" ref={box} aria-hidden />;
}
