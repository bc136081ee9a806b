/** How the signed-in user is shown times and values: a zone, and units by quantity. Set by the shell, read by format.ts. */
import type { TagView } from "@/api/types";
import { catalogueOf, conversionFor, type Catalogue, type Conversion, type UnitQuantity, type Wishes } from "./units";

export interface Display {
  /** IANA name; empty for the browser's zone. */
  zone: string;
  units: Wishes;
  /** Empty before the runtime has told it: values are then shown in the units of their tags. */
  quantities: readonly UnitQuantity[];
}

const NOTHING: Display = { zone: "", units: {}, quantities: [] };

type Listener = () => void;

let now = NOTHING;
let told: string | null = null;
const listeners = new Set<Listener>();
let catalogue: Catalogue = new Map();
let pairs = new Map<string, Conversion | null>();

/** From now on times and values are shown so; whoever has drawn some draws them anew. */
export function setDisplay(display: Partial<Display>): void {
  now = { ...NOTHING, ...display };
  catalogue = catalogueOf(now.quantities);
  pairs = new Map();
  told = JSON.stringify([now.zone, now.units, now.quantities.length]);
  for (const listener of listeners) listener();
}

/** Forget how the last user wanted it. */
export function clearDisplay(): void {
  setDisplay({});
  told = null;
}

/** Another text whenever times and values are shown in another way; null before anybody has said how. */
export const displayKey = (): string | null => told;

export function onDisplay(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const displayZone = (): string => now.zone;

type Measured = Partial<Pick<TagView, "type" | "unit" | "display_unit">>;

/** From the tag's unit to the one that is shown; null if it is shown as it is. */
export function conversionOf(tag: Measured | undefined): Conversion | null {
  if (tag === undefined || !tag.unit || (tag.type !== "float" && tag.type !== "int")) return null;
  const key = `${tag.unit}\n${tag.display_unit ?? ""}`;
  let pair = pairs.get(key);
  if (pair === undefined) {
    pair = conversionFor(tag.unit, tag.display_unit ?? "", now.units, catalogue);
    pairs.set(key, pair);
  }
  return pair;
}
