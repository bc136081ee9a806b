/** What all symbols share: how they get their values, where a live figure is written inside a drawing. */
import type { MimicElement } from "@/api/types";
import { useShown, type Shown } from "@/ui/live-tag";
import { FigureBox } from "@/ui/mimic-stage";
import { TagValue } from "@/ui/tag-value";

export interface SymbolProps {
  element: MimicElement;
}

/** The name of the tag that a role of the element is bound to. */
export const bound = (element: MimicElement, role: string): string | undefined => element.bind?.[role] || undefined;

export const textProp = (element: MimicElement, name: string): string => {
  const value = element.props?.[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
};

export const numberProp = (element: MimicElement, name: string, fallback: number): number => {
  const value = element.props?.[name];
  return typeof value === "number" && Number.isFinite(value) ? value : fallback;
};

/** The element's own range, else its tag's, else per cent. */
export function rangeOf(element: MimicElement, shown: Shown): readonly [number, number] {
  const own = element.props?.["range"];
  if (Array.isArray(own) && typeof own[0] === "number" && typeof own[1] === "number") return [own[0], own[1]];
  return shown.tag?.range ?? [0, 100];
}

/** True, false, or null when it cannot be known. */
export function onState(shown: Shown): boolean | null {
  const value = shown.sample?.value;
  if (value === undefined || value === null || shown.severity === "BAD") return null;
  return typeof value === "string" ? value !== "" : Number(value) > 0;
}

export function numberState(shown: Shown): number | null {
  const value = shown.sample?.value;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Running is lighter, stopped darker, unknown hatched. */
export const fillOf = (on: boolean | null): string => (on === null ? "url(#mimic-unknown)" : on ? "var(--equip-running)" : "var(--equip)");

export function useBound(element: MimicElement, role: string): Shown {
  return useShown(bound(element, role));
}

interface FigureProps {
  name: string;
  x: number;
  y: number;
  w: number;
  h?: number;
  size?: number;
  align?: "start" | "center" | "end";
  boxed?: boolean;
}

/** A live figure inside a drawing: the same widget as everywhere else. */
export function Figure({ name, x, y, w, h = 22, size = 15, align = "center", boxed = false }: FigureProps) {
  return (
    <FigureBox x={x} y={y} w={w} h={h} align={align} className={boxed ? "mimic-figure mimic-boxed" : "mimic-figure"}>
      <TagValue name={name} size={size} />
    </FigureBox>
  );
}

/** The element's own name, above or below it. */
export function Caption({ text, x, y, anchor = "middle" }: { text: string | undefined; x: number; y: number; anchor?: "start" | "middle" | "end" }) {
  if (!text) return null;
  return (
    <text className="mimic-caption" x={x} y={y} textAnchor={anchor}>
      {text}
    </text>
  );
}
