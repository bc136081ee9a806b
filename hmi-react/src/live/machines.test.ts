import { describe, expect, it } from "vitest";
import type { MachineView } from "@/api/types";
import { PlantStore } from "./plant-store";

const machine = (name: string, state: string): MachineView => ({ name, description: "", area: "", state, state_since: 0, states: [state], commands: [], fault: null, ports: [] });

describe("machines as pushed", () => {
  it("changes those that are told and keeps the others", () => {
    const store = new PlantStore();
    store.machinesSnapshot([machine("filling", "idle"), machine("pumps", "idle")]);

    store.machinesChanged([machine("pumps", "running")]);

    expect(store.machines.get().map((one) => [one.name, one.state])).toEqual([["filling", "idle"], ["pumps", "running"]]);
  });

  it("forgets those that a snapshot does not name", () => {
    const store = new PlantStore();
    store.machinesSnapshot([machine("filling", "idle"), machine("P1_control", "running")]);

    store.machinesSnapshot([machine("filling", "idle")]);

    expect(store.machines.get().map((one) => one.name)).toEqual(["filling"]);
  });
});
