/** The addresses that an engineer watches on a link, kept on this machine. */
import { useState } from "react";

/** As many as the runtime reads at once. */
export const MOST = 32;

const key = (link: string): string => `watch:${link}`;

/** The addresses in a text, one a line: an address may have spaces and semicolons in it, such as ns=2;s=Tank 1. */
export const addressesIn = (text: string): string[] =>
  text
    .split(/[\r\n\t]+/)
    .map((line) => line.trim())
    .filter(Boolean);

/** The list with further addresses, none twice, as many as may be. */
export const withMore = (addresses: readonly string[], more: readonly string[]): string[] => [...new Set([...addresses, ...more])].slice(0, MOST);

function kept(link: string): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key(link)) ?? "[]");
    return Array.isArray(found) ? withMore([], found.filter((one): one is string => typeof one === "string")) : [];
  } catch {
    return [];
  }
}

function keep(link: string, addresses: readonly string[]): void {
  try {
    localStorage.setItem(key(link), JSON.stringify(addresses));
  } catch {
    // A browser that keeps nothing watches all the same.
  }
}

/** The addresses, and a way to change them. */
export function useWatched(link: string): [addresses: readonly string[], watch: (addresses: string[]) => void] {
  const [addresses, setAddresses] = useState<readonly string[]>(() => kept(link));
  const watch = (next: string[]): void => {
    setAddresses(next);
    keep(link, next);
  };
  return [addresses, watch];
}
