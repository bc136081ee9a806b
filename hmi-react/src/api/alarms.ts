/** Operating alarms: several at once, why one stands, what it is defined as. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { call, get, LONG_MS, post, put, remove, url } from "./client";
import { ApiError, type Mistake } from "./errors";
import type { Body } from "./tags";
import type { AlarmView, JournalEvent, RoleName } from "./types";

/** What became of one of several alarms. */
export interface AlarmOutcome {
  name: string;
  ok: boolean;
  /** In words; empty if it was done. */
  error: string;
  /** As a code. */
  reason: string;
  state: string | null;
}

export interface AlarmOutcomes {
  results: AlarmOutcome[];
  done: number;
  refused: number;
}

/** As many as the runtime takes at once. */
const MANY = 1_000;

/** All of them, in as many requests as it takes. */
async function inParts(alarms: readonly AlarmView[], act: (part: readonly AlarmView[]) => Promise<AlarmOutcomes>): Promise<AlarmOutcomes> {
  const all: AlarmOutcomes = { results: [], done: 0, refused: 0 };
  for (let start = 0; start < alarms.length; start += MANY) {
    const { results, done, refused } = await act(alarms.slice(start, start + MANY));
    all.results.push(...results);
    all.done += done;
    all.refused += refused;
  }
  return all;
}

const namesOf = (alarms: readonly AlarmView[]): string[] => alarms.map((alarm) => alarm.name);

/** The occurrences that the person saw: what is raised again meanwhile is not acknowledged unseen. */
const seenOf = (alarms: readonly AlarmView[]): Record<string, string> =>
  Object.fromEntries(alarms.filter((alarm) => alarm.occurrence_id !== null).map((alarm) => [alarm.name, String(alarm.occurrence_id)]));

export const acknowledgeMany = (alarms: readonly AlarmView[], comment: string): Promise<AlarmOutcomes> =>
  inParts(alarms, (part) => post<AlarmOutcomes>(url(["alarms", "acknowledge"]), { names: namesOf(part), occurrences: seenOf(part), ...(comment ? { comment } : {}) }, LONG_MS));

/** forS: seconds, the longest that each priority allows if null. oneShot: only until it returns. */
export const shelveMany = (alarms: readonly AlarmView[], reason: string, forS: number | null, oneShot: boolean): Promise<AlarmOutcomes> =>
  inParts(alarms, (part) => post<AlarmOutcomes>(url(["alarms", "shelve"]), { names: namesOf(part), reason, for_s: forS, one_shot: oneShot }, LONG_MS));

export const unshelveMany = (alarms: readonly AlarmView[]): Promise<AlarmOutcomes> =>
  inParts(alarms, (part) => post<AlarmOutcomes>(url(["alarms", "unshelve"]), { names: namesOf(part) }, LONG_MS));

export const resetAlarm = (name: string, comment: string): Promise<AlarmView> => post<AlarmView>(url(["alarms", name, "reset"]), comment ? { comment } : {});

export interface AlarmWhy {
  state: string;
  sentences: string[];
  /** Its newest rows of the journal. */
  history?: JournalEvent[];
}

/** Why the alarm is as it is; null if the runtime does not tell. Asked again when the alarm changes, and every few seconds. */
export function useAlarmWhy(alarm: AlarmView): UseQueryResult<AlarmWhy | null> {
  return useQuery({
    queryKey: ["alarm-why", alarm.name, alarm.state, alarm.occurrence_id],
    queryFn: async ({ signal }) => {
      try {
        return await get<AlarmWhy>(url(["alarms", alarm.name, "why"]), signal);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    refetchInterval: (query) => (query.state.data === null ? false : 5_000),
    staleTime: 1_000,
  });
}

/** A definition as it is written in a file. hash: of what was seen, so that a newer one is not overwritten. */
export interface AlarmDefinition {
  name: string;
  body: Body;
  hash: string;
  /** An application, the project, or the equipment that it was made from. */
  owner: string;
  edited: boolean;
  changed_at: number | null;
  changed_by: string | null;
  /** What is worth a second thought, though it was saved. */
  warnings?: string[];
}

export const fetchAlarmDefinition = (name: string, signal?: AbortSignal): Promise<AlarmDefinition> => get<AlarmDefinition>(url(["alarms", name, "definition"]), signal);

/** The definition that a form begins with: read once, not changed under the person who types. */
export function useAlarmBody(name: string | undefined): UseQueryResult<AlarmDefinition> {
  return useQuery({
    queryKey: ["alarm-body", name],
    queryFn: ({ signal }) => fetchAlarmDefinition(name ?? "", signal),
    enabled: name !== undefined,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** The definition as it is now; null for an alarm that a link or an output brings with it. */
export function useAlarmDefinition(name: string, wanted = true): UseQueryResult<AlarmDefinition | null> {
  return useQuery({
    queryKey: ["alarms", "definition", name],
    queryFn: async ({ signal }) => {
      try {
        return await fetchAlarmDefinition(name, signal);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    enabled: wanted,
  });
}

export const createAlarm = (body: Body): Promise<AlarmDefinition> => post<AlarmDefinition>(url(["alarms"]), { body });
export const replaceAlarm = (name: string, body: Body, seen: string | null): Promise<AlarmDefinition> =>
  put<AlarmDefinition>(url(["alarms", name, "definition"]), seen === null ? { body } : { body, seen });
export const deleteAlarm = (name: string, seen: string): Promise<unknown> => remove(url(["alarms", name], { seen }));
export const renameAlarm = (name: string, to: string): Promise<AlarmDefinition> => post<AlarmDefinition>(url(["alarms", name, "rename"]), { name: to });

/** What operators read of an alarm. */
export interface Guidance {
  consequence: string;
  cause: string;
  action: string;
  response_s: number;
  display: string;
}

/** What the runtime says of a definition that is not saved. */
export interface AlarmCheck {
  mistakes: Mistake[];
  /** What operators read where the definition says nothing, and the area that each field of it comes from. */
  guidance: Guidance;
  guidance_origins: Partial<Record<keyof Guidance, string>>;
  warnings?: string[];
}

/** name: the alarm that is edited. */
export const checkAlarm = (body: Body, name: string | undefined, signal?: AbortSignal): Promise<AlarmCheck> => {
  const options = { method: "POST", body: name === undefined ? { body } : { body, name } };
  return call<AlarmCheck>(url(["alarms", "check"]), signal ? { ...options, signal } : options);
};

/** Alarms that are managed alike. */
export interface AlarmClass {
  name: string;
  description: string;
  shelvable: boolean;
  /** As set; null for what the priority allows. */
  max_shelve_s: number | null;
  /** What acknowledging needs. */
  ack_permission: string;
  /** The lowest role that may acknowledge them. */
  ack_role: RoleName;
}

export function useAlarmClasses(): UseQueryResult<AlarmClass[]> {
  return useQuery({ queryKey: ["alarm-classes"], queryFn: async ({ signal }) => (await get<{ items: AlarmClass[] }>(url(["alarms", "classes"]), signal)).items, staleTime: 300_000 });
}

export const enableAlarm = (name: string, reason: string): Promise<AlarmView> => post<AlarmView>(url(["alarms", name, "enable"]), { reason });
export const disableAlarm = (name: string, reason: string): Promise<AlarmView> => post<AlarmView>(url(["alarms", name, "disable"]), { reason });

/** The first alarm of the group is marked no more, and the next one that comes is the first. */
export const resetFirstOut = (group: string, comment: string): Promise<unknown> => post(url(["alarms", "first-out", group, "reset"]), comment ? { comment } : {});
