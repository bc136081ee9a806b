/** Tags: lists by the page, descriptions, one in full, and everything that may be done to them. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { call, get, getFile, LONG_MS, post, put, remove, url, type Query } from "./client";
import type { Mistake } from "./errors";
import type { Override, Page, SampleRow, TagView, Value } from "./types";

export type Body = Record<string, unknown>;

/** The filters of the tag list, as the runtime names them. */
export interface TagFilter extends Query {
  search?: string;
  area?: string;
  under?: string;
  kind?: string;
  type?: string;
  severity?: string;
  link?: string;
  manufacturer?: string;
  segment?: string;
  kp_from?: string;
  kp_to?: string;
  override?: string;
  sort?: string;
}

export interface AreaCount {
  path: string;
  tags: number;
  bad: number;
}

/** Who uses a tag. kind: alarm, tag, machine, screen or equipment; how: such as "port level". */
export interface Usage {
  kind: string;
  name: string;
  how: string;
}

export interface TagDetail {
  tag: TagView;
  /** As in files; null for what the runtime itself declares. */
  body: Body | null;
  hash: string | null;
  owner: string;
  edited: boolean;
  changed_at: number | null;
  changed_by: string | null;
  raw: { value: Value; quality: number; time: number | null } | null;
  /** The sample under an override. */
  own: SampleRow | null;
  override: { kind: Override; value: Value; reason: string; actor: string; time: number } | null;
  users: Usage[];
  expression_tags: string[];
}

export const fetchTagPage = (filter: TagFilter, offset: number, limit: number, signal?: AbortSignal): Promise<Page<TagView>> =>
  get<Page<TagView>>(url(["tags"], { ...filter, limit, offset }), signal);

/** The descriptions of these tags; a name that does not exist is left out. */
export const fetchDescriptions = async (names: readonly string[]): Promise<TagView[]> =>
  (await post<Page<TagView>>(url(["tags", "descriptions"]), { names })).items;

/** A short list, such as the tags of the runtime itself. */
export function useTagList(filter: TagFilter, limit = 500): UseQueryResult<Page<TagView>> {
  return useQuery({ queryKey: ["tags", "list", filter, limit], queryFn: ({ signal }) => fetchTagPage(filter, 0, limit, signal) });
}

export function useTagAreas(): UseQueryResult<AreaCount[]> {
  return useQuery({
    queryKey: ["tags", "areas"],
    queryFn: async ({ signal }) => (await get<Page<AreaCount>>(url(["tags", "areas"]), signal)).items,
    refetchInterval: 10_000,
  });
}

export const fetchTagDetail = (name: string, signal?: AbortSignal): Promise<TagDetail> => get<TagDetail>(url(["tags", name, "detail"]), signal);

/** One tag in full; again every refreshMs if given, for the raw value and the value under an override. */
export function useTagDetail(name: string, refreshMs?: number): UseQueryResult<TagDetail> {
  return useQuery({
    queryKey: ["tags", "detail", name],
    queryFn: ({ signal }) => fetchTagDetail(name, signal),
    refetchInterval: refreshMs ?? false,
    staleTime: 1_000,
  });
}

/** The definition that a form begins with: read once, not changed under the person who types. */
export function useTagBody(name: string | undefined): UseQueryResult<TagDetail> {
  return useQuery({
    queryKey: ["tag-body", name],
    queryFn: ({ signal }) => fetchTagDetail(name ?? "", signal),
    enabled: name !== undefined,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

export const createTag = (body: Body): Promise<TagView> => post<TagView>(url(["tags"]), { body });
export const replaceTag = (name: string, body: Body, seen: string | null): Promise<TagView> =>
  put<TagView>(url(["tags", name]), seen === null ? { body } : { body, seen });
export const deleteTag = (name: string, seen: string | null): Promise<unknown> => remove(url(["tags", name], { seen }));
export const renameTag = (name: string, to: string): Promise<TagView> => post<TagView>(url(["tags", name, "rename"]), { name: to });
/** unit: of the value, if it is not that of the tag. */
export const forceTag = (name: string, value: Value, reason: string, unit?: string): Promise<TagView> =>
  put<TagView>(url(["tags", name, "force"]), unit === undefined ? { value, reason } : { value, reason, unit });
export const releaseTag = (name: string): Promise<TagView> => remove<TagView>(url(["tags", name, "force"]));
export const setService = (name: string, inService: boolean, reason: string): Promise<TagView> =>
  put<TagView>(url(["tags", name, "service"]), { in_service: inService, reason });

/** What is wrong with a definition; name: the tag that is edited. */
export const checkTag = async (body: Body, name: string | undefined, signal?: AbortSignal): Promise<Mistake[]> => {
  const options = { method: "POST", body: name === undefined ? { body } : { body, name } };
  return (await call<{ mistakes: Mistake[] }>(url(["tags", "check"]), signal ? { ...options, signal } : options)).mistakes;
};

export type BulkKind = "tags" | "alarms";
export type BulkFormat = "csv" | "xlsx";
export type BulkAction = "add" | "change" | "same" | "bad";

export interface BulkRow {
  row: number;
  name: string;
  action: BulkAction;
  mistakes: Mistake[];
  fields: Record<string, [unknown, unknown]>;
}

export interface BulkReport {
  total: number;
  good: number;
  bad: number;
  applied: boolean;
  added: number;
  changed: number;
  rows: BulkRow[];
}

export interface BulkOptions {
  dryRun: boolean;
  goodRows: boolean;
  mode: "upsert" | "create";
}

const MEDIA: Record<BulkFormat, string> = { csv: "text/csv", xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" };

/** The table of the tags or alarms that match, as a file. */
export const exportTable = (kind: BulkKind, format: BulkFormat, filter: Query = {}): Promise<Blob> => getFile(url([kind, "export"], { ...filter, format }));

export const importTable = (kind: BulkKind, file: File, format: BulkFormat, options: BulkOptions): Promise<BulkReport> =>
  call<BulkReport>(url([kind, "import"], { format, dry_run: options.dryRun, good_rows: options.goodRows, mode: options.mode }), {
    method: "POST",
    body: new Blob([file], { type: MEDIA[format] }),
    timeoutMs: LONG_MS,
  });
