/** Things that carry or hold back: pipe, valves. */
import { useTranslation } from "react-i18next";
import { useShown } from "@/ui/live-tag";
import { bound, Caption, Figure, fillOf, numberProp, numberState, onState, useBound, type SymbolProps } from "./frame";

/** Pairs of numbers from the file, anything else left out. */
export function pointsOf(raw: unknown): [number, number][] {
  if (!Array.isArray(raw)) return [];
  return raw.filter((p): p is [number, number] => Array.isArray(p) && typeof p[0] === "number" && typeof p[1] === "number");
}

/** Where an arrow belongs: the middle of the longest leg, and its direction in degrees. */
export function arrowOf(points: readonly [number, number][]): { x: number; y: number; angle: number } | null {
  let best: { x: number; y: number; angle: number } | null = null;
  let longest = 0;
  for (let i = 1; i < points.length; i += 1) {
    const [a, b] = [points[i - 1], points[i]];
    if (!a || !b) continue;
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    if (length <= longest) continue;
    longest = length;
    best = { x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2, angle: (Math.atan2(b[1] - a[1], b[0] - a[0]) * 180) / Math.PI };
  }
  return best;
}

export function Pipe({ element }: SymbolProps) {
  const points = pointsOf(element.props?.["points"]);
  const shown = useBound(element, "flow");
  const known = bound(element, "flow") !== undefined;
  const value = numberState(shown);
  const flowing = known && (value === null ? onState(shown) === true : value > numberProp(element, "threshold", 0.01)) && shown.severity !== "BAD";
  const width = numberProp(element, "width", 6);
  const line = points.map(([x, y]) => `${x},${y}`).join(" ");
  const arrow = arrowOf(points);
  return (
    <>
      <polyline points={line} fill="none" stroke={flowing ? "var(--equip-line)" : "var(--pipe-idle)"} strokeWidth={width} strokeLinejoin="round" strokeDasharray={known && shown.severity === "BAD" ? "8 5" : undefined} />
      {arrow && (flowing || !known) && (
        <path d="M-7 -7L8 0L-7 7Z" fill={flowing ? "var(--equip-line)" : "var(--pipe-idle)"} transform={`translate(${arrow.x} ${arrow.y}) rotate(${arrow.angle})`} />
      )}
      <Caption text={element.label} x={arrow?.x ?? 0} y={(arrow?.y ?? 0) - width - 6} />
    </>
  );
}

function bowTie(w: number, h: number): string {
  return `M1 ${h * 0.15}L${w - 1} ${h * 0.85}V${h * 0.15}L1 ${h * 0.85}Z`;
}

export function Valve({ element }: SymbolProps) {
  const { t } = useTranslation();
  const { w, h } = element;
  const shown = useBound(element, "open");
  const open = onState(shown);
  return (
    <>
      <g opacity={shown.live ? 1 : 0.55}>
        <path d={bowTie(w, h)} fill={fillOf(open)} stroke="var(--equip-line)" strokeWidth={2} strokeLinejoin="round" strokeDasharray={open === null ? "4 3" : undefined} />
        <path d={`M${w / 2} ${h / 2}V${-h * 0.02}M${w / 2 - 8} ${-h * 0.02}H${w / 2 + 8}`} stroke="var(--equip-line)" strokeWidth={2} />
      </g>
      <Caption text={element.label} x={w / 2} y={h + 14} />
      <text className="mimic-state" x={w / 2} y={h + (element.label ? 29 : 14)} textAnchor="middle" data-on={open}>
        {open === null ? t("mimic.unknown") : open ? t("mimic.open") : t("mimic.closed")}
      </text>
    </>
  );
}

export function ControlValve({ element }: SymbolProps) {
  const { w, h } = element;
  const name = bound(element, "position");
  const shown = useShown(name);
  const position = numberState(shown);
  const open = shown.severity === "BAD" || position === null ? null : position > 0.5;
  const r = Math.min(w * 0.26, h * 0.3);
  return (
    <>
      <g opacity={shown.live ? 1 : 0.55}>
        <path d={bowTie(w, h)} fill={fillOf(open)} stroke="var(--equip-line)" strokeWidth={2} strokeLinejoin="round" />
        <path d={`M${w / 2} ${h / 2}V${-h * 0.05}`} stroke="var(--equip-line)" strokeWidth={2} />
        <path d={`M${w / 2 - r} ${-h * 0.05}A${r} ${r} 0 0 1 ${w / 2 + r} ${-h * 0.05}Z`} fill="var(--vessel)" stroke="var(--equip-line)" strokeWidth={2} />
      </g>
      <Caption text={element.label} x={w / 2} y={h + 14} />
      {name && <Figure name={name} x={-30} y={h + (element.label ? 17 : 2)} w={w + 60} />}
    </>
  );
}

export function ThreeWayValve({ element }: SymbolProps) {
  const { w, h } = element;
  const shown = useBound(element, "open");
  return (
    <>
      <path d={`${bowTie(w, h)}M${w / 2} ${h / 2}L${w * 0.3} ${h}H${w * 0.7}Z`} fill={fillOf(onState(shown))} stroke="var(--equip-line)" strokeWidth={2} strokeLinejoin="round" />
      <Caption text={element.label} x={w / 2} y={-6} />
    </>
  );
}
