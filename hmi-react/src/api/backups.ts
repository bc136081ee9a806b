/** Backups of the installation. */
import { useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";
import { get, post, remove, url } from "./client";

export interface BackupView {
  name: string;
  site: string;
  made: number;
  version: string;
  bytes: number;
  files: number;
}

export interface BackupStatus {
  /** 0 to 1 of the one that is being made, null if none is. */
  progress: number | null;
  by: string;
  error: string;
  last: number | null;
  next: number | null;
}

export interface BackupsView {
  items: BackupView[];
  status: BackupStatus;
  folder: string;
  keep: number;
}

const POLL_MS = 1_000;
const KEY = ["backups"];

/** The backups; while one is being made they are asked for again. */
export function useBackups(enabled: boolean): UseQueryResult<BackupsView> {
  return useQuery({
    queryKey: KEY,
    enabled,
    queryFn: ({ signal }) => get<BackupsView>(url(["backups"]), signal),
    refetchInterval: (query) => (query.state.data?.status.progress == null ? false : POLL_MS),
  });
}

export function useStartBackup(): UseMutationResult<BackupStatus, unknown, void> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => post<BackupStatus>(url(["backups"]), {}),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}

export function useRemoveBackup(): UseMutationResult<unknown, unknown, string> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => remove(url(["backups", name])),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
