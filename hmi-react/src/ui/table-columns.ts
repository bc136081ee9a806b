/** What a table column is, and the pure parts of a table: CSV and sort order in the address. */
import type { ReactNode } from "react";

export interface Column<T> {
  id: string;
  header: string;
  /** CSS grid track, such as "120px" or "minmax(160px, 2fr)". */
  width: string;
  align?: "left" | "right" | "center";
  /** What is sorted, searched and exported. */
  value: (row: T) => string | number | boolean | null | undefined;
  cell?: (row: T) => ReactNode;
  /** Not shown until chosen. */
  optional?: boolean;
  /** Not shown on a phone until chosen. */
  wide?: boolean;
  /** Its heading does not sort. */
  unsortable?: boolean;
  /** Drawn in place of the heading's words. */
  head?: ReactNode;
}

export interface Sort {
  id: string;
  desc: boolean;
}

/** "-time" -> descending by time. */
export function parseSort(text: string | null): Sort | null {
  if (!text) return null;
  return text.startsWith("-") ? { id: text.slice(1), desc: true } : { id: text, desc: false };
}

export const sortText = (sort: Sort): string => (sort.desc ? `-${sort.id}` : sort.id);

function field(value: unknown): string {
  const text = value === null || value === undefined ? "" : String(value);
  // A leading formula sign would be executed by spreadsheets; plain numbers keep theirs.
  const safe = /^[=+\-@\t]/.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text;
  return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The rows as CSV (RFC 4180) with a heading line. */
export function toCsv<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const lines = [columns.map((column) => field(column.header)).join(",")];
  for (const row of rows) lines.push(columns.map((column) => field(column.value(row))).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

/** The text as a CSV file that spreadsheets read as UTF-8. */
export const csvFile = (text: string): Blob => new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" });

/** Hand the file to the browser. */
export function download(name: string, file: Blob): void {
  const address = URL.createObjectURL(file);
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  window.setTimeout(() => URL.revokeObjectURL(address), 1000);
}
