/** What pages ask the runtime for, once for all of them. */
import { QueryClient, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { get, post, put, remove, url } from "./client";
import { ApiError } from "./errors";
import type {
  AlarmList,
  AlarmView,
  AppView,
  EstopView,
  Health,
  LinkView,
  MachineView,
  Mimic,
  Page,
} from "./types";

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => failures < 3 && !(error instanceof ApiError && error.status < 500),
      },
    },
  });
}

export function useAlarmList(): UseQueryResult<AlarmList> {
  return useQuery({ queryKey: ["alarms"], queryFn: ({ signal }) => get<AlarmList>(url(["alarms"]), signal) });
}

export function useApps(): UseQueryResult<Page<AppView>> {
  return useQuery({ queryKey: ["apps"], queryFn: ({ signal }) => get<Page<AppView>>(url(["apps"]), signal), staleTime: 300_000 });
}

export function useScreen(app: string | undefined, screen: string | undefined): UseQueryResult<Mimic> {
  return useQuery({
    queryKey: ["screen", app, screen],
    enabled: app !== undefined && screen !== undefined,
    staleTime: 300_000,
    queryFn: ({ signal }) => get<Mimic>(url(["apps", app ?? "", "screens", screen ?? ""]), signal),
  });
}

export function useLinks(): UseQueryResult<Page<LinkView>> {
  return useQuery({
    queryKey: ["links"],
    queryFn: ({ signal }) => get<Page<LinkView>>(url(["links"]), signal),
    refetchInterval: 5_000,
  });
}

export function useHealth(): UseQueryResult<Health> {
  return useQuery({ queryKey: ["health"], queryFn: ({ signal }) => get<Health>(url(["health"]), signal), refetchInterval: 10_000 });
}

const alarmUrl = (name: string, ...rest: string[]): string => url(["alarms", name, ...rest]);

/** forS: seconds, the longest that its priority allows if null. oneShot: only until it returns. */
export const shelveAlarm = (name: string, reason: string, forS: number | null, oneShot: boolean): Promise<AlarmView> =>
  put<AlarmView>(alarmUrl(name, "shelf"), { reason, for_s: forS, one_shot: oneShot });
export const unshelveAlarm = (name: string): Promise<AlarmView> => remove<AlarmView>(alarmUrl(name, "shelf"));
export const takeOutOfService = (name: string, reason: string, workOrder: string): Promise<AlarmView> =>
  put<AlarmView>(alarmUrl(name, "out-of-service"), { reason, work_order: workOrder });
export const returnToService = (name: string): Promise<AlarmView> => remove<AlarmView>(alarmUrl(name, "out-of-service"));
export const commentAlarm = (name: string, comment: string): Promise<AlarmView> => post<AlarmView>(alarmUrl(name, "comment"), { comment });

export const acknowledge = (alarm: AlarmView, comment = ""): Promise<AlarmView> =>
  post<AlarmView>(url(["alarms", alarm.name, "acknowledge"]), {
    ...(comment ? { comment } : {}),
    ...(alarm.occurrence_id === null ? {} : { occurrence_id: alarm.occurrence_id }),
  });

/** unit: of the value, if it is not that of the tag. */

export const commandMachine = (machine: string, command: string): Promise<MachineView> =>
  post<MachineView>(url(["machines", machine, "commands", command]));

export const tripEstop = (reason: string, zone = ""): Promise<EstopView> => post<EstopView>("/api/estop/trip", zone ? { reason, zone } : { reason }, 5_000);
export const clearEstop = (id: string, reason: string): Promise<EstopView> => post<EstopView>("/api/estop/clear", { id, reason });
