/** One's own preferences, and what they are chosen from. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { get, put, url } from "./client";
import type { Page } from "./types";

export interface Preferences {
  /** IANA name; that of the site unless another one was chosen. */
  time_zone: string;
  language: string;
  /** The unit to show, by quantity. */
  units: Record<string, string>;
}

/** A zone of null is that of the site. */
export type PreferencesChange = Omit<Preferences, "time_zone"> & { time_zone: string | null };

export const PREFERENCES = ["preferences"] as const;
const PATH = url(["auth", "preferences"]);

export function usePreferences(): UseQueryResult<Preferences> {
  return useQuery({ queryKey: PREFERENCES, queryFn: ({ signal }) => get<Preferences>(PATH, signal), staleTime: 300_000 });
}

export const savePreferences = (preferences: PreferencesChange): Promise<Preferences> => put<Preferences>(PATH, preferences);

export function useTimeZones(): UseQueryResult<string[]> {
  return useQuery({ queryKey: ["time-zones"], queryFn: async ({ signal }) => (await get<Page<string>>(url(["time-zones"]), signal)).items, staleTime: Infinity });
}
