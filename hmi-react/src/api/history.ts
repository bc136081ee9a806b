/** The record of tags: as lines for a chart, as tables, as files. */
import { call, getFile, LONG_MS, url } from "./client";
import { ApiError } from "./errors";
import type { Value } from "./types";

/** One tag as a line for so many pixels: nothing that could be seen is lost. */
export interface PlotSeries {
  tag: string;
  time: number[];
  /** null where it is not known. */
  value: Value[];
  quality: number[];
  /** From when on there are samples, where the span begins before: what is earlier is made of rollups. */
  kept_from?: number;
}

export interface Plot {
  series: PlotSeries[];
  /** How far the record reaches; later than that nothing is known. */
  until: number | null;
}

export async function fetchPlot(tags: readonly string[], start: number, end: number, width: number, signal?: AbortSignal): Promise<Plot> {
  if (tags.length === 0) return { series: [], until: null };
  const body = { tags, start, end, width: Math.min(10_000, Math.max(1, Math.round(width))), mode: "plot" };
  return call<Plot>(url(["history"]), { method: "POST", body, timeoutMs: LONG_MS, ...(signal ? { signal } : {}) });
}

/** True if anything was ever recorded of the tag, which need not be there any more. */
export async function hasRecord(tag: string): Promise<boolean> {
  try {
    await call(url(["history"], { tags: tag, mode: "at" }));
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}

export interface TablePage {
  series: { tag: string; value: Value[]; quality: number[] }[];
  time: number[];
  next: string | null;
}

interface TableAsked {
  tags: readonly string[];
  start: number;
  end: number;
  step: string;
  tz: string;
}

const ROWS = 300;

/** The tags by rows at the same instants; next: of the page before. */
export const fetchTable = (asked: TableAsked, next: string, signal?: AbortSignal): Promise<TablePage> =>
  call<TablePage>(url(["history"]), { method: "POST", body: { ...asked, mode: "table", limit: ROWS, next }, timeoutMs: LONG_MS, ...(signal ? { signal } : {}) });

/** The range as CSV: every sample as it was recorded, or with a step the table. */
export function exportHistory({ tags, step, ...asked }: Omit<TableAsked, "step"> & { step: string | null }): Promise<Blob> {
  const how = step === null ? { mode: "raw" } : { mode: "table", step };
  return getFile(url(["history"], { ...asked, ...how, tags: tags.join(","), format: "csv" }));
}
