/** Outputs: their rules, commands with a life, locks, leases, and the guard. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { get, post, put, remove, url } from "./client";
import type { Page, TagView, Value } from "./types";

export type LifeState = "accepted" | "sent" | "confirmed" | "refused" | "failed" | "timed_out" | "done" | "cancelled" | "replaced";

export interface OperationView {
  id: string;
  subject: string;
  actor: string;
  origin: string;
  state: LifeState;
  message: string;
  value: Value;
  unit: string;
  for_s: number | null;
  until: string;
  ends: number | null;
  running: boolean;
  created: number;
  changed: number;
}

export interface ConditionView {
  text: string;
  expression: string;
  state: "permits" | "blocks" | "bad";
  why: string;
}

export interface SelectionView {
  id: string;
  tag: string;
  owner: string;
  until: number;
}

export interface OutputView {
  name: string;
  safe: Value;
  max_on_s: number | null;
  continuous: boolean;
  zone: string;
  operate: "direct" | "confirm" | "select";
  guarded: boolean;
  active: boolean;
  safe_pending: boolean;
  deadline: number | null;
  until: string;
  owner: string;
  permissives: ConditionView[];
  interlocks: ConditionView[];
  blocked: string[];
  tag_out: { owner: string; note: string; time: number } | null;
  lease: { device: string; owner: string; until: number } | null;
  selection: SelectionView | null;
  mismatch: boolean;
  operation: OperationView | null;
}

export interface GuardView {
  up: boolean;
  pid: number | null;
  realtime: boolean;
  runtime_heard: boolean;
  latch_saved: boolean;
  trips: number;
  trip_ms: number | null;
  trip_max_ms: number | null;
  links: { name: string; up: boolean; since: number; last_error: string; requests: number; errors: number }[];
  outputs: { name: string; active: boolean; safe_pending: boolean; deadline: number | null; absent: boolean }[];
  inputs: { name: string; zone: string; pressed: boolean | null; since: number; last_error: string }[];
}

export interface PutWish {
  unit?: string | undefined;
  for_s?: number | undefined;
  selection?: string | undefined;
}

const REFRESH_MS = 1_000;

export const outputKey = (tag: string): readonly unknown[] => ["output", tag];

export function useOutput(tag: string, enabled: boolean): UseQueryResult<OutputView> {
  return useQuery({ queryKey: outputKey(tag), enabled, refetchInterval: REFRESH_MS, queryFn: ({ signal }) => get<OutputView>(url(["tags", tag, "output"]), signal) });
}

export function useGuard(): UseQueryResult<GuardView> {
  return useQuery({ queryKey: ["guard"], refetchInterval: 2_000, queryFn: ({ signal }) => get<GuardView>("/api/guard", signal) });
}

export function useOperations(limit: number): UseQueryResult<Page<OperationView>> {
  return useQuery({ queryKey: ["operations", limit], queryFn: ({ signal }) => get<Page<OperationView>>(url(["operations"], { limit }), signal) });
}

/** The person was asked on the way here, so every put counts as confirmed. */
export const operate = (tag: string, value: Value, wish: PutWish): Promise<TagView> =>
  put<TagView>(url(["tags", tag, "value"]), { value, confirmed: true, ...Object.fromEntries(Object.entries(wish).filter(([, given]) => given !== undefined)) });

export const cancelOperation = (id: string): Promise<OperationView> => post<OperationView>(url(["operations", id, "cancel"]));
export const selectOutput = (tag: string): Promise<SelectionView> => post<SelectionView>(url(["tags", tag, "selection"]));
export const unselectOutput = (tag: string): Promise<unknown> => remove(url(["tags", tag, "selection"]));
export const tagOut = (tag: string, note: string): Promise<OutputView> => put<OutputView>(url(["tags", tag, "tag-out"]), { note });
export const removeTagOut = (tag: string): Promise<unknown> => remove(url(["tags", tag, "tag-out"]));
export const endLease = (device: string): Promise<unknown> => remove(url(["leases", device]));
