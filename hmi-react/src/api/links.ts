/** Connections: their kinds and definitions, and a look at the devices behind them. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { call, get, LONG_MS, post, put, remove, url } from "./client";
import type { ChangeResult, ObjectView } from "./configuration";
import type { Mistake } from "./errors";
import type { Body, Usage } from "./tags";
import type { Page, Severity, Value } from "./types";

/** One field of a link's body, as JSON Schema tells it, with what a form needs beside. */
export interface FieldSchema {
  type?: string;
  const?: string;
  enum?: string[];
  anyOf?: FieldSchema[];
  additionalProperties?: FieldSchema;
  default?: unknown;
  description?: string;
  maxLength?: number;
  "x-unit"?: string;
  "x-only-for"?: Record<string, (string | boolean)[]>;
  "x-advanced"?: boolean;
}

export interface LinkSchema {
  properties: Record<string, FieldSchema>;
  required?: string[];
}

export interface LinkKind {
  kind: string;
  title: string;
  description: string;
  schema: LinkSchema;
  browse: boolean;
  discover: boolean;
  /** The runtime opens the connection; the device does otherwise. */
  connects: boolean;
}

export interface LinkDefinition extends ObjectView {
  tags: number;
  users: Usage[];
}

export interface TrialStep {
  step: "declaration" | "name" | "port" | "connect" | "read";
  ok: boolean;
  ms: number;
  message: string;
}

/** What a device gives for an address, before scaling. error: why there is nothing. */
export interface AddressReading {
  address: string;
  value: Value;
  quality: number;
  severity: Severity;
  reason: string;
  source_time: number | null;
  error: string;
}

export interface Trial {
  ok: boolean;
  steps: TrialStep[];
  reading: AddressReading | null;
}

export interface TreeNode {
  address: string;
  name: string;
  kind: string;
}

export interface Variable {
  address: string;
  path: string;
  name: string;
  description: string;
  /** In OPC UA's words; empty if no tag can have it. */
  type: string;
  array: boolean;
  readable: boolean;
  writable: boolean;
  unit: string;
  range: [number, number] | null;
}

export interface Endpoint {
  url: string;
  policy: string;
  mode: string;
  thumbprint: string;
  certificate: string;
  logins: string[];
}

export interface Discovery {
  servers: { name: string; uri: string; urls: string[] }[];
  endpoints: Endpoint[];
}

export function useLinkKinds(): UseQueryResult<LinkKind[]> {
  return useQuery({ queryKey: ["link-kinds"], queryFn: async ({ signal }) => (await get<Page<LinkKind>>(url(["link-kinds"]), signal)).items, staleTime: Infinity, gcTime: Infinity });
}

export const fetchLinkDefinition = (name: string, signal?: AbortSignal): Promise<LinkDefinition> => get<LinkDefinition>(url(["links", name, "definition"]), signal);

export function useLinkDefinition(name: string): UseQueryResult<LinkDefinition> {
  return useQuery({ queryKey: ["links", "definition", name], queryFn: ({ signal }) => fetchLinkDefinition(name, signal), staleTime: 0 });
}

/** The definition that a form begins with: read once, not changed under the person who types. */
export function useLinkBody(name: string | undefined): UseQueryResult<LinkDefinition> {
  return useQuery({
    queryKey: ["link-body", name],
    queryFn: ({ signal }) => fetchLinkDefinition(name ?? "", signal),
    enabled: name !== undefined,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

export const createLink = (body: Body): Promise<ObjectView> => post<ObjectView>(url(["links"]), { body });
export const replaceLink = (name: string, body: Body, seen: string | null): Promise<ObjectView> =>
  put<ObjectView>(url(["links", name]), seen === null ? { body } : { body, seen });
export const deleteLink = (name: string, seen: string): Promise<unknown> => remove(url(["links", name], { seen }));
export const renameLink = (name: string, to: string): Promise<ObjectView> => post<ObjectView>(url(["links", name, "rename"]), { name: to });

/** What is wrong with a definition; name: the link that is edited. */
export const checkLink = async (body: Body, name: string | undefined, signal?: AbortSignal): Promise<Mistake[]> => {
  const options = { method: "POST", body: name === undefined ? { body } : { body, name } };
  return (await call<{ mistakes: Mistake[] }>(url(["links", "check"]), signal ? { ...options, signal } : options)).mistakes;
};

export const testLink = (body: Body, address: string): Promise<Trial> => post<Trial>(url(["links", "test"]), { body, address }, LONG_MS);
export const readAddresses = async (link: string, addresses: readonly string[], signal?: AbortSignal): Promise<AddressReading[]> =>
  (await call<Page<AddressReading>>(url(["links", link, "read"]), { method: "POST", body: { addresses }, ...(signal && { signal }) })).items;
export const browseLink = async (link: string, address: string): Promise<TreeNode[]> =>
  (await post<Page<TreeNode>>(url(["links", "browse"]), { link, address }, LONG_MS)).items;
export const listVariables = (link: string, address: string): Promise<{ items: Variable[]; complete: boolean }> =>
  post<{ items: Variable[]; complete: boolean }>(url(["links", "variables"]), { link, address, limit: 2000 }, LONG_MS);
export const discover = (kind: string, at: string): Promise<Discovery> => post<Discovery>(url(["links", "discover"]), { kind, url: at }, LONG_MS);
export const keepCertificate = (certificate: string): Promise<{ file: string; thumbprint: string }> =>
  post<{ file: string; thumbprint: string }>(url(["links", "certificates"]), { certificate });
/** As many as the runtime makes at once. */
export const NEW_TAGS_MAX = 1000;
export const createTags = (link: string, tags: readonly Body[]): Promise<ChangeResult> => post<ChangeResult>(url(["links", link, "tags"]), { tags }, LONG_MS);
