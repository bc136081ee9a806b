/** The configuration as code: equipment types and instances, the project's plan, units and schemas. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { call, get, LONG_MS, post, put, remove, url } from "./client";
import type { Mistake } from "./errors";
import type { Body } from "./tags";
import type { Page } from "./types";

/** One configured object as it is written in a file. */
export interface ObjectView {
  name: string;
  body: Body;
  hash: string;
  owner: string;
  edited: boolean;
  /** POSIX seconds; nothing is known of what comes from an application. */
  changed_at?: number | null;
  changed_by?: string | null;
}

export interface EquipmentView extends ObjectView {
  tags: string[];
  alarms: string[];
  machines: string[];
  faceplate: { tag: string; label: string }[];
}

export type PlanAction = "add" | "change" | "remove" | "conflict" | "drift";
export type FieldChanges = Record<string, [unknown, unknown]>;

export interface PlanLine {
  action: PlanAction;
  kind: string;
  name: string;
  fields: FieldChanges;
  touches: string[];
}

export interface Plan {
  lines: PlanLine[];
  restart: string[];
  conflicts: number;
}

export interface ObjectKey {
  kind: string;
  name: string;
}

export interface ChangeResult {
  added: ObjectKey[];
  changed: ObjectKey[];
  removed: ObjectKey[];
  restart: string[];
}

export interface ProjectView {
  objects: Record<string, number>;
  edited: number;
  owners: Record<string, number>;
  /** The objects that were changed while running and not exported since. */
  edited_objects: (ObjectKey & { owner: string })[];
}

export type Files = Record<string, string>;

export interface ValidationReport {
  mistakes: Mistake[];
  objects: Record<string, number>;
}

export interface Unit {
  id: string;
  symbol: string;
  name: string;
  /** A value times factor plus offset is in the base that all units of the quantity share. */
  factor: number;
  offset: number;
}

export interface Quantity {
  id: string;
  name: string;
  units: Unit[];
}

export type Schema = Record<string, unknown>;
export type ObjectSort = "types" | "equipment";

const FOREVER = { staleTime: Infinity, gcTime: Infinity } as const;

export function useUnits(): UseQueryResult<Quantity[]> {
  return useQuery({ queryKey: ["units"], queryFn: async ({ signal }) => (await get<{ quantities: Quantity[] }>(url(["units"]), signal)).quantities, ...FOREVER });
}

export function useSchema(kind: string): UseQueryResult<Schema> {
  return useQuery({ queryKey: ["schema", kind], queryFn: ({ signal }) => get<Schema>(url(["project", "schemas", kind]), signal), ...FOREVER });
}

export function useTypes(): UseQueryResult<ObjectView[]> {
  return useQuery({ queryKey: ["types"], queryFn: async ({ signal }) => (await get<Page<ObjectView>>(url(["types"]), signal)).items });
}

export function useEquipment(): UseQueryResult<ObjectView[]> {
  return useQuery({ queryKey: ["equipment"], queryFn: async ({ signal }) => (await get<Page<ObjectView>>(url(["equipment"]), signal)).items });
}

export function useEquipmentItem(name: string): UseQueryResult<EquipmentView> {
  return useQuery({ queryKey: ["equipment", name], queryFn: ({ signal }) => get<EquipmentView>(url(["equipment", name]), signal) });
}

export const createObject = (sort: ObjectSort, body: Body): Promise<unknown> => post(url([sort]), { body });
export const replaceObject = (sort: ObjectSort, name: string, body: Body, seen: string): Promise<unknown> => put(url([sort, name]), { body, seen });
export const deleteObject = (sort: ObjectSort, name: string, seen: string): Promise<unknown> => remove(url([sort, name], { seen }));

/** What changing a type would change in every instance. */
export const planType = (name: string, body: Body): Promise<Plan> => call<Plan>(url(["types", name], { dry_run: true }), { method: "PUT", body: { body }, timeoutMs: LONG_MS });

export function useProject(): UseQueryResult<ProjectView> {
  return useQuery({ queryKey: ["project"], queryFn: ({ signal }) => get<ProjectView>(url(["project"]), signal) });
}

export const validateProject = (files: Files): Promise<ValidationReport> => post<ValidationReport>(url(["project", "validate"]), { files }, LONG_MS);
export const planProject = (files: Files): Promise<Plan> => post<Plan>(url(["project", "plan"]), { files }, LONG_MS);
/** How what runs differs from what applications declare, as if there were no project files. */
export function useDrift(): UseQueryResult<Plan> {
  return useQuery({ queryKey: ["project", "drift"], queryFn: () => planProject({ "project.toml": "format = 1\n" }) });
}

export const applyProject = (files: Files, overwrite: boolean): Promise<ChangeResult> => post<ChangeResult>(url(["project", "apply"]), { files, overwrite }, LONG_MS);

/** The running configuration as files. mark: they count as exported from now on, so that edits are no drift any more. */
export const exportProject = async (mark: boolean): Promise<Files> =>
  (await call<{ files: Files }>(url(["project", "export"]), { method: mark ? "POST" : "GET", timeoutMs: LONG_MS })).files;
