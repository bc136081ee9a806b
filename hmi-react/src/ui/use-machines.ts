/** Machines as the runtime pushes them: all when the connection is made or one has gone, then each that changes. */
import type { MachineView } from "@/api/types";
import { plantStore, useCell } from "@/live/live";

export const useLiveMachines = (): readonly MachineView[] => useCell(plantStore.machines);

export function useLiveMachine(name: string | undefined): MachineView | undefined {
  return useLiveMachines().find((machine) => machine.name === name);
}
