import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import { plantStore } from "@/live/live";
import { fakeApi, Refusal, showPage, signIn } from "@/testing/fake-api";
import { anAlarm } from "@/testing/samples";
import { AlarmStrip } from "./alarm-strip";

const high = anAlarm({ name: "a", priority: 1, active_time: 5, description: "Tank full" });
const newer = anAlarm({ name: "b", priority: 2, active_time: 9, state: "RTNUN", active: false });
const older = anAlarm({ name: "c", priority: 2, active_time: 7 });

afterEach(() => {
  vi.unstubAllGlobals();
  act(() => plantStore.alarmsSnapshot([]));
});

function show(role: "viewer" | "operator" = "operator", ...fields: string[]) {
  signIn(role);
  plantStore.alarmsSnapshot([older, newer, high]);
  showPage(
    <>
      {fields.map((label) => (
        <input key={label} aria-label={label} />
      ))}
      <AlarmStrip />
    </>,
    "/",
    "/",
  );
}

const press = (code: string, target: Element | Window = window): boolean => fireEvent.keyDown(target, { code, altKey: true });

describe("alarm strip", () => {
  it("shows the highest priority first, then the newest, and says the counts in words", () => {
    fakeApi({});
    show();
    expect(screen.getAllByRole("button", { name: /^Acknowledge / }).map((button) => button.getAttribute("aria-label"))).toEqual(["Acknowledge a", "Acknowledge b", "Acknowledge c"]);
    expect(screen.getByRole("button", { name: /3 unacknowledged, 2 active; priority 1 \(critical\): 1; priority 2 \(high\): 2/ })).toBeDefined();
  });

  it("acknowledges the first alarm by Alt+A, and says so", async () => {
    const asked = fakeApi({ "POST /api/alarms/a/acknowledge": { ...high, state: "ACKED", acked: true } });
    show();
    press("KeyA");
    await waitFor(() => expect(screen.getByRole("status").textContent).toBe("Acknowledged: Tank full"));
    expect(asked.map((one) => one.body)).toEqual([{ occurrence_id: "one" }]);
    expect(screen.queryByRole("button", { name: "Acknowledge a" })).toBeNull();
  });

  it("does not take a second Alt+A in a hurry for the alarm that has just moved up", async () => {
    const asked = fakeApi({ "POST /api/alarms/a/acknowledge": { ...high, state: "ACKED", acked: true } });
    show();
    press("KeyA");
    await waitFor(() => expect(screen.queryByRole("button", { name: "Acknowledge a" })).toBeNull());
    press("KeyA");
    expect(asked.map((one) => one.path)).toEqual(["/api/alarms/a/acknowledge"]);
  });

  it("takes Alt+2 for the second alarm", async () => {
    const asked = fakeApi({ "POST /api/alarms/b/acknowledge": { ...newer, state: "NORM" } });
    show();
    press("Digit2");
    await waitFor(() => expect(asked.map((one) => one.path)).toEqual(["/api/alarms/b/acknowledge"]));
  });

  it("leaves keys alone while something is typed", () => {
    const asked = fakeApi({});
    show("operator", "Search");
    expect(press("KeyA", screen.getByLabelText("Search"))).toBe(true);
    expect(asked).toEqual([]);
  });

  it("says why an acknowledgement was refused", async () => {
    fakeApi({ "POST /api/alarms/a/acknowledge": () => new Refusal(409, { code: "already_acked", message: "alarm a is acknowledged already" }) });
    show();
    press("KeyA");
    expect((await screen.findByRole("alert")).textContent).toBe("a: alarm a is acknowledged already");
  });

  it("asks nothing for viewers, and says what is missing", async () => {
    const asked = fakeApi({});
    show("viewer");
    press("KeyA");
    expect((await screen.findByRole("alert")).textContent).toBe("An operator may do this.");
    expect(asked).toEqual([]);
  });

  it("is silenced until a new alarm comes", () => {
    fakeApi({});
    show();
    const button = screen.getByRole("button", { name: "Silence alarm sound" });
    expect(button.dataset["sound"]).toBe("sounding");
    press("KeyS");
    expect(button.dataset["sound"]).toBe("silenced");
    act(() => plantStore.alarmsChanged([anAlarm({ name: "d", priority: 4 })]));
    expect(button.dataset["sound"]).toBe("sounding");
  });
});
