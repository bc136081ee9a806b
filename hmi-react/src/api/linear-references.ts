/** Linear referencing: surveyed points of lines, tables of them, and where a kilometre post is. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { call, get, getFile, LONG_MS, post, put, remove, url } from "./client";
import type { BulkFormat, BulkReport } from "./tags";
import type { Page } from "./types";

export interface PointFields {
  segment: string;
  /** Kilometre post. */
  km: number;
  latitude: number;
  longitude: number;
  /** Metres; null where it was not surveyed. */
  elevation: number | null;
}

export interface ReferencePoint extends PointFields {
  id: number;
}

/** A segment and the kilometre posts between which it is surveyed. */
export interface Segment {
  name: string;
  points: number;
  start: number;
  end: number;
}

export interface Position {
  latitude: number;
  longitude: number;
  elevation: number | null;
  between: [ReferencePoint, ReferencePoint];
}

export interface PointImport {
  dryRun: boolean;
  goodRows: boolean;
  /** Change points whose place is taken; else such a row is a mistake. */
  update: boolean;
}

const NOUN = "linear-references";
/** Every query of this noun begins with it, so that a change can refresh them all. */
export const REFERENCES = [NOUN] as const;
const CHART_POINTS = 1000;

export const fetchPoints = (segment: string, offset: number, limit: number, signal?: AbortSignal): Promise<Page<ReferencePoint>> =>
  get<Page<ReferencePoint>>(url([NOUN], { segment, limit, offset }), signal);

export function useSegments(): UseQueryResult<Segment[]> {
  return useQuery({ queryKey: [NOUN, "segments"], queryFn: async ({ signal }) => (await get<Page<Segment>>(url([NOUN, "segments"]), signal)).items });
}

/** The first points of a segment, as many as a drawing needs. */
export function useProfile(segment: string): UseQueryResult<ReferencePoint[]> {
  return useQuery({
    queryKey: [NOUN, "profile", segment],
    enabled: segment !== "",
    queryFn: async ({ signal }) => (await fetchPoints(segment, 0, CHART_POINTS, signal)).items,
  });
}

export const addPoint = (fields: PointFields): Promise<ReferencePoint> => post<ReferencePoint>(url([NOUN]), fields);
export const replacePoint = (id: number, fields: PointFields): Promise<ReferencePoint> => put<ReferencePoint>(url([NOUN, String(id)]), fields);
export const deletePoint = (id: number): Promise<unknown> => remove(url([NOUN, String(id)]));
export const locate = (segment: string, kp: number): Promise<Position> => get<Position>(url([NOUN, "interpolate"], { segment, kp }));
export const exportPoints = (segment: string): Promise<Blob> => getFile(url([NOUN, "export"], { segment, format: "csv" }));

export const importPoints = (file: File, format: BulkFormat, options: PointImport): Promise<BulkReport> =>
  call<BulkReport>(url([NOUN, "import"], { format, dry_run: options.dryRun, good_rows: options.goodRows, update: options.update }), {
    method: "POST",
    body: new Blob([file], { type: "application/octet-stream" }),
    timeoutMs: LONG_MS,
  });
