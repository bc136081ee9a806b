/** What people save to look at: groups of pens, and dashboards of strip charts. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { get, post, put, remove, url } from "./client";

export type PenStyle = "auto" | "line" | "step";

/** How a pen is drawn. */
export interface PenLook {
  /** Its place in the palette, from 1; 0: the place that it has among the pens. */
  colour: number;
  own_axis: boolean;
  /** Of its axis, in the unit of the tag; null: what is seen. */
  low: number | null;
  high: number | null;
  style: PenStyle;
}

export interface Pen extends PenLook {
  tag: string;
}

export interface Heading {
  name: string;
  description: string;
  shared: boolean;
}

/** What is known of everything that is saved. */
export interface Saved extends Heading {
  id: number;
  owner: string;
  version: number;
  created: number;
  changed: number;
  changed_by: string;
  /** Whether the signed-in user may change it. */
  editable: boolean;
}

export interface GroupContent {
  pens: Pen[];
  range_s: number;
  start: number | null;
  end: number | null;
  limits: boolean;
  alarms: boolean;
  notes: boolean;
  compare_s: number;
  table: boolean;
  step: string;
}

export interface TrendGroup extends Saved, GroupContent {
  /** Tags of its pens that are not there. */
  gone: string[];
}

export type TrendGroupRow = Saved & { tags: number };

export interface Strip {
  x: number;
  y: number;
  width: number;
  height: number;
  title: string;
  pens: Pen[];
  /** Up to the present. */
  span_min: number;
  /** Of the axes of numbers, each in the unit of its tag; null: what is seen. */
  low: number | null;
  high: number | null;
}

export interface DashboardContent {
  strips: Strip[];
}

export interface Dashboard extends Saved, DashboardContent {
  gone: string[];
}

export type DashboardRow = Saved & { tags: number; strips: number };

type Items<T> = { items: T[] };

const STALE_MS = 5_000;
/** A dashboard on a wall follows what somebody else makes of it. */
const REFRESH_MS = 60_000;

export function useTrendGroups(): UseQueryResult<TrendGroupRow[]> {
  return useQuery({ queryKey: ["trend-groups"], queryFn: async ({ signal }) => (await get<Items<TrendGroupRow>>(url(["trend-groups"]), signal)).items, staleTime: STALE_MS });
}

export const fetchTrendGroup = (id: number, signal?: AbortSignal): Promise<TrendGroup> => get<TrendGroup>(url(["trend-groups", String(id)]), signal);

export function useTrendGroup(id: number | null): UseQueryResult<TrendGroup> {
  return useQuery({ queryKey: ["trend-groups", id], queryFn: ({ signal }) => fetchTrendGroup(id ?? 0, signal), enabled: id !== null, staleTime: STALE_MS });
}

export const addTrendGroup = (group: Heading & GroupContent): Promise<TrendGroup> => post<TrendGroup>(url(["trend-groups"]), group);
export const changeTrendGroup = (id: number, version: number, group: Heading & GroupContent): Promise<TrendGroup> =>
  put<TrendGroup>(url(["trend-groups", String(id)]), { ...group, version });
export const removeTrendGroup = (id: number, version: number): Promise<unknown> => remove(url(["trend-groups", String(id)], { version }));

export function useDashboards(): UseQueryResult<DashboardRow[]> {
  return useQuery({ queryKey: ["dashboards"], queryFn: async ({ signal }) => (await get<Items<DashboardRow>>(url(["dashboards"]), signal)).items, staleTime: STALE_MS });
}

export const fetchDashboard = (id: number, signal?: AbortSignal): Promise<Dashboard> => get<Dashboard>(url(["dashboards", String(id)]), signal);

export function useDashboard(id: number | null): UseQueryResult<Dashboard> {
  return useQuery({ queryKey: ["dashboards", id], queryFn: ({ signal }) => fetchDashboard(id ?? 0, signal), enabled: id !== null, staleTime: STALE_MS, refetchInterval: REFRESH_MS });
}

export const addDashboard = (dashboard: Heading & DashboardContent): Promise<Dashboard> => post<Dashboard>(url(["dashboards"]), dashboard);
export const changeDashboard = (id: number, version: number, dashboard: Heading & DashboardContent): Promise<Dashboard> =>
  put<Dashboard>(url(["dashboards", String(id)]), { ...dashboard, version });
export const removeDashboard = (id: number, version: number): Promise<unknown> => remove(url(["dashboards", String(id)], { version }));
