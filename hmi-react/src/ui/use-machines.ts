/** Machines as asked for once, then as pushed. */
import { useEffect } from "react";
import { useMachines } from "@/api/queries";
import type { MachineView } from "@/api/types";
import { plantStore, useCell, useIsLive } from "@/live/live";

/** Keeps the machines current while shown: read on start and after every lost connection, then pushed. */
export function useLiveMachines(): { query: ReturnType<typeof useMachines>; machines: readonly MachineView[] } {
  const query = useMachines();
  const live = useIsLive();
  const { data, refetch } = query;
  useEffect(() => {
    if (data) plantStore.machinesChanged(data.items);
  }, [data]);
  useEffect(() => {
    if (live) void refetch();
  }, [live, refetch]);
  return { query, machines: useCell(plantStore.machines) };
}

export function useLiveMachine(name: string | undefined): MachineView | undefined {
  return useLiveMachines().machines.find((machine) => machine.name === name);
}
