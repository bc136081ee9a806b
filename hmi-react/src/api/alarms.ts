/** Operating alarms: several at once, why one stands, what it is defined as. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { get, LONG_MS, post, put, url } from "./client";
import { ApiError } from "./errors";
import type { Body } from "./tags";
import type { AlarmView, EventRow } from "./types";

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
  history?: EventRow[];
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
  body: Body;
  hash: string;
  owner: string;
}

/** The definition that a form begins with: read once, not changed under the person who types. */
export function useAlarmDefinition(name: string): UseQueryResult<AlarmDefinition> {
  return useQuery({
    queryKey: ["alarm-definition", name],
    queryFn: ({ signal }) => get<AlarmDefinition>(url(["alarms", name, "definition"]), signal),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

export const replaceAlarm = (name: string, body: Body, seen: string): Promise<AlarmDefinition> => put<AlarmDefinition>(url(["alarms", name, "definition"]), { body, seen });
