/** The units that a user wants to see, one by one. */
import type { Quantity, Unit } from "@/api/configuration";

export type Wishes = Readonly<Record<string, string>>;

/** The wishes with another one; empty for none. */
export function withWish(wishes: Wishes, quantity: string, unit: string): Record<string, string> {
  const others = Object.entries(wishes).filter(([key]) => key !== quantity);
  return Object.fromEntries(unit === "" ? others : [...others, [quantity, unit]]);
}

export const sameWishes = (a: Wishes, b: Wishes): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([quantity, unit]) => b[quantity] === unit);

/** A unit among others: symbol and name, where they differ. */
export const unitLabel = (unit: Pick<Unit, "symbol" | "name">): string => (unit.symbol === unit.name || unit.symbol === "" ? unit.name : `${unit.symbol} – ${unit.name}`);

/** Quantities with a choice, that match the words. */
export function quantitiesToChoose(quantities: readonly Quantity[], search: string): Quantity[] {
  const words = search.trim().toLowerCase();
  const matches = (quantity: Quantity): boolean => [quantity.name, ...quantity.units.flatMap((unit) => [unit.symbol, unit.name])].some((text) => text.toLowerCase().includes(words));
  return quantities.filter((quantity) => quantity.units.length > 1 && (words === "" || matches(quantity)));
}
