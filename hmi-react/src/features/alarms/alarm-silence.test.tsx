import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import { plantStore } from "@/live/live";
import { viewOf } from "@/live/plant-store";
import { fakeApi, showPage, signIn } from "@/testing/fake-api";
import { anAlarm } from "@/testing/samples";
import { filterAlarms } from "./alarm-filter";
import { AlarmSilence } from "./alarm-silence";

afterEach(() => {
  vi.unstubAllGlobals();
  plantStore.alarmsSnapshot([]);
});

const shelved = anAlarm({ name: "b", state: "SHLVD", core_state: "UNACK", silence: "noisy", silent_by: "anna", silent_until: 500 });

describe("silent alarms", () => {
  it("are counted and shown with nobody else, only among the silent ones", () => {
    const view = viewOf([anAlarm({ name: "a" }), shelved]);

    expect(view.items.map((alarm) => alarm.name)).toEqual(["a"]);
    expect(view.silent.map((alarm) => alarm.name)).toEqual(["b"]);
    expect(view.counts).toMatchObject({ unack: 1, active: 1 });
    const names = (show: "present" | "shelved" | "all") => filterAlarms([anAlarm({ name: "a" }), shelved], { show, text: "", area: "", priority: "", state: "" }).map((alarm) => alarm.name);
    expect([names("present"), names("shelved"), names("all")]).toEqual([["a"], ["b"], ["a", "b"]]);
  });

  it("are shelved by operators for a time and with a reason", async () => {
    signIn("operator");
    const asked = fakeApi({ "PUT /api/alarms/TK101.LT.H/shelf": shelved });
    showPage(<AlarmSilence alarm={anAlarm({ priority: 2 })} />, "/alarms", "/alarms");

    expect(screen.queryByRole("button", { name: "Out of service" })).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Shelve" }));
    expect(screen.getAllByRole("radio").map((radio) => (radio as HTMLInputElement).value)).toEqual(["15", "60", "240", "longest"]);
    fireEvent.click(screen.getByLabelText("15 min"));
    fireEvent.click(screen.getByLabelText("Only until it returns"));
    fireEvent.change(screen.getByLabelText(/Reason/), { target: { value: "noisy" } });
    fireEvent.click(screen.getAllByRole("button", { name: "Shelve" }).at(-1)!);

    await waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]?.body).toEqual({ reason: "noisy", for_s: 900, one_shot: true });
    await waitFor(() => expect(plantStore.alarms.get().silent).toHaveLength(1));
  });

  it("are heard again", async () => {
    signIn("supervisor");
    const asked = fakeApi({ "DELETE /api/alarms/b/shelf": anAlarm({ name: "b" }) });
    plantStore.alarmsSnapshot([shelved]);
    showPage(<AlarmSilence alarm={shelved} />, "/alarms", "/alarms");

    fireEvent.click(screen.getByRole("button", { name: "Unshelve" }));
    fireEvent.click(screen.getAllByRole("button", { name: "Unshelve" }).at(-1)!);

    await waitFor(() => expect(plantStore.alarms.get().items.map((alarm) => alarm.name)).toEqual(["b"]));
    expect(asked[0]?.method).toBe("DELETE");
    expect(screen.getByRole("button", { name: "Out of service" })).toBeDefined();
  });

  it("are none where the class lets nobody shelve, which is said", () => {
    signIn("operator");
    showPage(<AlarmSilence alarm={anAlarm({ shelvable: false, longest_shelf_s: 0, alarm_class: "safety" })} />, "/alarms", "/alarms");
    expect(screen.queryByRole("button", { name: "Shelve" })).toBeNull();
    expect(screen.getByText("Its class, safety, lets nobody shelve it.")).toBeDefined();
  });
});
