import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import type { AlarmView, RoleName } from "@/api/types";
import { plantStore } from "@/live/live";
import { fakeApi, Refusal, showPage, signIn, type Asked } from "@/testing/fake-api";
import { anAlarm } from "@/testing/samples";
import { AlarmDetail } from "./alarm-detail";

const NAME = "TK101.LT.H";
const definition = { name: NAME, body: { name: NAME, tag: "TK101.LT", first_out: "trip" }, hash: "a".repeat(64), owner: "project", edited: true, changed_at: 100, changed_by: "ben" };

function show(over: Partial<AlarmView> = {}, replies: Parameters<typeof fakeApi>[0] = {}, role: RoleName = "engineer", state: unknown = null) {
  signIn(role);
  const asked = fakeApi({ [`GET /api/alarms/${NAME}/definition`]: definition, ...replies });
  const router = showPage(<AlarmDetail alarm={anAlarm(over)} onClose={() => undefined} />, "/alarms", `/alarms?alarm=${NAME}`);
  if (state !== null) act(() => void router.navigate(`/alarms?alarm=${NAME}`, { state }));
  return { asked, router };
}

const press = async (name: string, within_?: HTMLElement): Promise<boolean> => fireEvent.click(await (within_ ? within(within_) : screen).findByRole("button", { name }));
const sent = (asked: readonly Asked[], method: string): Asked | undefined => asked.findLast((call) => call.method === method && call.path.startsWith("/api/alarms"));

async function answer(action: string, reason?: string): Promise<HTMLElement> {
  await press(action);
  const dialog = await screen.findByRole("dialog");
  if (reason !== undefined) fireEvent.change(within(dialog).getByLabelText(/Reason|Name/), { target: { value: reason } });
  await press(action, dialog);
  return dialog;
}

afterEach(() => {
  vi.unstubAllGlobals();
  act(() => plantStore.alarmsSnapshot([]));
});

describe("definition of an alarm", () => {
  it("is edited, and copied, by engineers only", async () => {
    show();
    expect((await screen.findByRole("link", { name: "Edit definition" })).getAttribute("href")).toBe(`/alarms/${NAME}/edit`);
    expect(screen.getByRole("link", { name: "Copy" }).getAttribute("href")).toBe(`/alarms/new?copy=${NAME}`);
  });

  it("is nothing for supervisors", async () => {
    show({}, {}, "supervisor");
    expect(await screen.findByRole("button", { name: "Shelve" })).toBeDefined();
    for (const name of ["Edit definition", "Copy", "Rename", "Disable", "Delete"]) expect(screen.queryByText(name)).toBeNull();
  });

  it("is disabled with a reason, and enabled again", async () => {
    const { asked } = show({}, { [`POST /api/alarms/${NAME}/disable`]: anAlarm({ state: "DSBLD" }) });
    await answer("Disable", "replaced");
    await waitFor(() => expect(sent(asked, "POST")).toMatchObject({ path: `/api/alarms/${NAME}/disable`, body: { reason: "replaced" } }));
  });

  it("is enabled where it is disabled", async () => {
    const { asked } = show({ state: "DSBLD" }, { [`POST /api/alarms/${NAME}/enable`]: anAlarm() });
    expect(screen.queryByRole("button", { name: "Disable" })).toBeNull();
    await answer("Enable", "back");
    await waitFor(() => expect(sent(asked, "POST")?.path).toBe(`/api/alarms/${NAME}/enable`));
  });

  it("gets another name, and the page follows", async () => {
    const { asked, router } = show({}, { [`POST /api/alarms/${NAME}/rename`]: { ...definition, name: "FULL" } });
    await answer("Rename", "FULL");
    await waitFor(() => expect(router.state.location.search).toBe("?alarm=FULL"));
    expect(sent(asked, "POST")?.body).toEqual({ name: "FULL" });
  });

  it("is deleted as it was seen, and leaves the page", async () => {
    const { asked, router } = show({}, { [`DELETE /api/alarms/${NAME}`]: { ok: true } });
    await answer("Delete");
    await waitFor(() => expect(router.state.location.search).toBe(""));
    expect(sent(asked, "DELETE")?.query.get("seen")).toBe(definition.hash);
  });

  it("is not deleted while others need it, who are named", async () => {
    show({}, { [`DELETE /api/alarms/${NAME}`]: new Refusal(409, { code: "in_use", message: "alarm TK101.LT.H: used by alarm TK101.LT.HH, supersedes" }) });
    const dialog = await answer("Delete");
    expect((await within(dialog).findByRole("alert")).textContent).toContain("used by alarm TK101.LT.HH");
  });

  it("is changed where it is made", async () => {
    show({}, { [`GET /api/alarms/${NAME}/definition`]: { ...definition, owner: "equipment:LAB1" } });
    expect(await screen.findByText("Equipment LAB1 makes this alarm.")).toBeDefined();
    expect(screen.queryByRole("link", { name: "Edit definition" })).toBeNull();
    expect(screen.getByRole("link", { name: "Copy" })).toBeDefined();
  });

  it("is told to come with a connection or an output", async () => {
    show({}, { [`GET /api/alarms/${NAME}/definition`]: new Refusal(404, { code: "not_found", message: "no" }) });
    expect(await screen.findByText("A connection or an output brings this alarm.")).toBeDefined();
    expect(screen.getByRole("button", { name: "Disable" })).toBeDefined();
  });

  it("is told to be saved, with what the runtime thinks of it", () => {
    show({}, {}, "engineer", { saved: NAME, warnings: ["no cause is said"] });
    expect(screen.getByRole("status").textContent).toBe("Saved, but:no cause is said");
  });

  it("is not told to be saved if another one was", () => {
    show({}, {}, "engineer", { saved: "OTHER", warnings: [] });
    expect(screen.queryByRole("status")).toBeNull();
  });
});

describe("first alarm of a group", () => {
  it("is marked in words, and the group is reset by operators", async () => {
    const { asked } = show({ first_out: true }, { "POST /api/alarms/first-out/trip/reset": {} }, "operator");
    expect(screen.getByText("first")).toBeDefined();
    await answer("Reset group");
    await waitFor(() => expect(sent(asked, "POST")?.path).toBe("/api/alarms/first-out/trip/reset"));
  });
});

describe("what operators read", () => {
  it("says where it comes from, and leads to the display", () => {
    show({ display: "/overview", guidance_from: "station", alarm_class: "process" });
    expect(screen.getByRole("link", { name: "/overview" }).getAttribute("href")).toBe("/overview");
    for (const text of ["station", "process"]) expect(screen.getByText(text)).toBeDefined();
  });
});
