/** A trend as a picture for a report: the chart as it is seen, what it shows above it, and the pens below. */
import { formatDateTime, zoneName } from "@/ui/format";
import type { Span } from "@/ui/trend-range";

export interface Legend {
  title: string;
  background: string;
  ink: string;
  pens: readonly { colour: string; text: string }[];
  /** Annotations, below the pens. */
  notes?: readonly string[];
}

const ROW = 20;
const EDGE = 12;

/** The picture as a PNG. */
export function pictureOf(chart: HTMLCanvasElement, legend: Legend): Promise<Blob> {
  const ratio = window.devicePixelRatio;
  const { notes = [] } = legend;
  const picture = document.createElement("canvas");
  picture.width = chart.width;
  picture.height = chart.height + (ROW * (legend.pens.length + notes.length + 1) + EDGE * 2) * ratio;
  const ctx = picture.getContext("2d");
  if (ctx === null) return Promise.reject(new Error("The browser cannot draw pictures."));
  ctx.fillStyle = legend.background;
  ctx.fillRect(0, 0, picture.width, picture.height);
  ctx.drawImage(chart, 0, (ROW + EDGE) * ratio);
  ctx.scale(ratio, ratio);
  ctx.textBaseline = "middle";
  ctx.font = '13px system-ui, "Liberation Sans", sans-serif';
  ctx.fillStyle = legend.ink;
  ctx.fillText(legend.title, EDGE, EDGE + ROW / 2);
  legend.pens.forEach(({ colour, text }, at) => {
    const y = chart.height / ratio + EDGE + ROW * (at + 1.5);
    ctx.fillStyle = colour;
    ctx.fillRect(EDGE, y - 2, 22, 4);
    ctx.fillStyle = legend.ink;
    ctx.fillText(`${at + 1}  ${text}`, EDGE + 30, y);
  });
  notes.forEach((text, at) => ctx.fillText(text.replaceAll(/\s+/g, " "), EDGE + 30, chart.height / ratio + EDGE + ROW * (legend.pens.length + at + 1.5)));
  return new Promise((done, failed) => {
    picture.toBlob((blob) => (blob ? done(blob) : failed(new Error("The browser could not make the picture."))), "image/png");
  });
}

/** From when to when, in the zone that is shown. */
export const spanTitle = ({ start, end }: Span): string => `${formatDateTime(start)} – ${formatDateTime(end)} ${zoneName(new Date(start * 1000))}`;

/** Such as "trend-2026-01-02-030405.csv". */
export const fileName = ({ start }: Span, kind: string): string => `trend-${formatDateTime(start).replace(" ", "-").replaceAll(":", "")}.${kind}`;
