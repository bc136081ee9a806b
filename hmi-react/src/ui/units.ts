/** Values in other units of their quantity, as the runtime tells factor and offset of each. */

export interface UnitLine {
  id: string;
  symbol: string;
  /** A value times factor plus offset is in the base that all units of the quantity share. */
  factor: number;
  offset: number;
}

export interface UnitQuantity {
  id: string;
  units: readonly UnitLine[];
}

/** A unit with the quantity that it belongs to. */
export interface KnownUnit extends UnitLine {
  quantity: string;
}

export type Catalogue = ReadonlyMap<string, KnownUnit>;
/** The unit that a user wants to see, by quantity. */
export type Wishes = Readonly<Record<string, string>>;

/** From one unit to another of the same quantity. */
export interface Conversion {
  from: KnownUnit;
  to: KnownUnit;
}

const DIGITS = 12;
const PRECISION_MAX = 6;

export function catalogueOf(quantities: readonly UnitQuantity[]): Catalogue {
  return new Map(quantities.flatMap((quantity) => quantity.units.map((unit) => [unit.id, { ...unit, quantity: quantity.id }] as const)));
}

/** The number without what rounding left behind its twelfth digit. */
function plain(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : value;
}

export function convert(value: number, { from, to }: Conversion): number {
  return plain((value * from.factor + from.offset - to.offset) / to.factor);
}

export function convertBack(value: number, { from, to }: Conversion): number {
  return convert(value, { from: to, to: from });
}

/** The conversion as slope and start of a line, for many values in a row; not rounded. */
export const lineOf = ({ from, to }: Conversion): { slope: number; start: number } => ({ slope: from.factor / to.factor, start: (from.offset - to.offset) / to.factor });

/** A difference, such as a deadband: 1 °C is 1.8 °F wide. */
export function convertDifference(value: number, { from, to }: Conversion): number {
  return plain((value * from.factor) / to.factor);
}

/** Decimals that tell as much in the other unit as so many do in the first one. */
export function convertPrecision(precision: number, { from, to }: Conversion): number {
  const finer = Math.round(Math.log10(Math.abs(from.factor / to.factor)));
  return Math.min(PRECISION_MAX, Math.max(0, precision - finer));
}

/**
 * How a tag's values are to be shown: in the unit that the user wants for the quantity, else in the tag's own display unit. Null to
 * show them as they are: nobody wants another unit, or it is unknown, or of another quantity.
 */
export function conversionFor(unit: string, displayUnit: string, wishes: Wishes, catalogue: Catalogue): Conversion | null {
  const from = catalogue.get(unit);
  if (from === undefined) return null;
  const to = catalogue.get(wishes[from.quantity] ?? "") ?? catalogue.get(displayUnit);
  if (to === undefined || to.id === from.id || to.quantity !== from.quantity) return null;
  return { from, to };
}
