import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import type { AlarmView, RoleName } from "@/api/types";
import { plantStore } from "@/live/live";
import { type Asked, fakeApi, showPage, signIn } from "@/testing/fake-api";
import { anAlarm } from "@/testing/samples";
import AlarmsPage from "./alarms-page";

const a = anAlarm({ name: "a", priority: 1, longest_shelf_s: 3_600, area: "north", occurrence_id: "a1" });
const b = anAlarm({ name: "b", priority: 2, area: "south", occurrence_id: "b1" });
const c = anAlarm({ name: "c", priority: 3, area: "north/tank", occurrence_id: "c1" });
const shelf = { state: "SHLVD", silence: "noisy", silent_by: "anna", silent_until: Date.now() / 1000 + 900.5 } as const;
const done = (name: string, state: string) => ({ name, ok: true, error: "", reason: "", state });

const clientHeight = Object.getOwnPropertyDescriptor(Element.prototype, "clientHeight");
const offsetHeight = Object.getOwnPropertyDescriptor(HTMLElement.prototype, "offsetHeight");

beforeEach(() => {
  // Without a layout nothing has a size, and no row would be in sight.
  Object.defineProperty(Element.prototype, "clientHeight", { value: 640, configurable: true });
  Object.defineProperty(HTMLElement.prototype, "offsetHeight", { value: 640, configurable: true });
});

afterEach(() => {
  vi.unstubAllGlobals();
  act(() => plantStore.alarmsSnapshot([]));
  if (clientHeight) Object.defineProperty(Element.prototype, "clientHeight", clientHeight);
  if (offsetHeight) Object.defineProperty(HTMLElement.prototype, "offsetHeight", offsetHeight);
});

function show(alarms: AlarmView[], replies: Parameters<typeof fakeApi>[0] = {}, query = "", role: RoleName = "operator") {
  signIn(role);
  const asked = fakeApi({ "GET /api/alarms": { items: alarms, counts: { unack: 0, active: 0, by_priority: {} } }, ...replies });
  plantStore.alarmsSnapshot(alarms);
  showPage(<AlarmsPage />, "/alarms", `/alarms${query}`);
  return asked;
}

const rowOf = async (name: string): Promise<HTMLElement> => {
  const mark = await screen.findByRole("checkbox", { name: `Select ${name}` });
  return mark.closest<HTMLElement>('[role="row"]')!;
};

/** Without the descriptions of tags, which are asked for whenever they are needed. */
const commands = (asked: readonly Asked[]): Asked[] => asked.filter((one) => one.path !== "/api/tags/descriptions");

describe("alarm list", () => {
  it("selects by Space and by ranges, and acknowledges what is selected, each with its outcome", async () => {
    const answer = { results: [done("a", "ACKED"), { name: "b", ok: false, error: "alarm b was raised again", reason: "stale_occurrence", state: null }], done: 1, refused: 1 };
    const asked = show([a, b, c], { "POST /api/alarms/acknowledge": answer });

    fireEvent.keyDown(await rowOf("a"), { key: " " });
    expect(screen.getByText("1 selected")).toBeDefined();
    fireEvent.keyDown(await rowOf("b"), { key: " ", shiftKey: true });
    fireEvent.click(screen.getByRole("button", { name: "Acknowledge selected" }));
    const dialog = await screen.findByRole("dialog", { name: "Acknowledge 2 alarms" });
    fireEvent.change(within(dialog).getByLabelText("Comment (optional)"), { target: { value: " round " } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Acknowledge" }));

    const outcome = await within(dialog).findByRole("region", { name: "Outcome" });
    expect(within(outcome).getByRole("status").textContent).toBe("1 done, 1 refused");
    expect(within(outcome).getAllByRole("listitem").map((item) => item.textContent)).toEqual(["✗ refusedbalarm b was raised again", "✓ doneaacknowledged"]);
    expect(commands(asked).at(-1)?.body).toEqual({ names: ["a", "b"], occurrences: { a: "a1", b: "b1" }, comment: "round" });
  });

  it("selects all that are visible by Ctrl+A, and acknowledges all visible without a selection", async () => {
    show([a, b, c], {}, "?area=north");

    fireEvent.keyDown(await rowOf("a"), { key: "a", ctrlKey: true });
    expect(screen.getByText("2 selected")).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: "Clear selection" }));
    expect(screen.getByText("0 selected")).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: "Acknowledge all visible (2)" }));

    const dialog = await screen.findByRole("dialog", { name: "Acknowledge 2 alarms" });
    expect(within(dialog).getByText("c")).toBeDefined();
    expect(within(dialog).queryByText("b")).toBeNull();
  });

  it("forgets what a filter hides", async () => {
    show([a, b]);
    fireEvent.keyDown(await rowOf("a"), { key: " " });
    act(() => plantStore.alarmsChanged([{ ...a, state: "NORM", active: false }]));
    expect(screen.getByText("0 selected")).toBeDefined();
  });

  it("shelves several for a time that the priority of each allows, with a reason", async () => {
    const asked = show([a, b], { "POST /api/alarms/shelve": { results: [done("a", "SHLVD"), done("b", "SHLVD")], done: 2, refused: 0 } });

    fireEvent.click(await screen.findByRole("checkbox", { name: "Select all visible" }));
    fireEvent.click(screen.getByRole("button", { name: "Shelve" }));
    const dialog = await screen.findByRole("dialog", { name: "Shelve 2 alarms" });
    expect(within(dialog).getAllByRole("radio").map((radio) => (radio as HTMLInputElement).value)).toEqual(["15", "60", "longest"]);
    const shelve = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Shelve" });
    expect(shelve.disabled).toBe(true);
    fireEvent.change(within(dialog).getByLabelText(/Reason/), { target: { value: "noisy" } });
    fireEvent.click(within(dialog).getByLabelText("Longest"));
    fireEvent.click(shelve);

    expect(await within(dialog).findByText("2 done, 0 refused")).toBeDefined();
    expect(commands(asked).at(-1)?.body).toEqual({ names: ["a", "b"], reason: "noisy", for_s: null, one_shot: false });
  });

  it("offers times as if there were none that cannot be shelved, and names those", async () => {
    show([b, { ...a, name: "safe", shelvable: false, longest_shelf_s: 0 }]);
    fireEvent.click(await screen.findByRole("checkbox", { name: "Select all visible" }));
    fireEvent.click(screen.getByRole("button", { name: "Shelve" }));
    const dialog = await screen.findByRole("dialog", { name: "Shelve 2 alarms" });
    expect(within(dialog).getAllByRole("radio")).toHaveLength(4);
    expect(within(dialog).getByText("1 of them cannot be shelved, because of its class: safe.")).toBeDefined();
  });

  it("marks the alarm that was the first of its group, and offers new ones to engineers", async () => {
    show([{ ...a, first_out: true }, b], {}, "", "engineer");
    expect(within(await rowOf("a")).getByText("first")).toBeDefined();
    expect(within(await rowOf("b")).queryByText("first")).toBeNull();
    expect(screen.getByRole("link", { name: "New alarm" }).getAttribute("href")).toBe("/alarms/new");
  });

  it("shows of a shelved alarm how long, by whom and why, and ends it", async () => {
    const asked = show([a, { ...b, ...shelf, core_state: "UNACK" }], { "DELETE /api/alarms/b/shelf": b }, "?show=shelved");

    const row = await rowOf("b");
    expect(within(row).getByRole("timer").textContent).toMatch(/^1[45]:\d\d$/);
    expect(row.textContent).toContain("anna");
    expect(row.textContent).toContain("noisy");
    fireEvent.click(within(row).getByRole("button", { name: "Unshelve b" }));
    await waitFor(() => expect(screen.queryByRole("checkbox", { name: "Select b" })).toBeNull());
    expect(asked.at(-1)?.method).toBe("DELETE");
  });

  it("unshelves several", async () => {
    const asked = show([{ ...a, ...shelf }, { ...b, ...shelf }], { "POST /api/alarms/unshelve": { results: [done("a", "UNACK"), done("b", "UNACK")], done: 2, refused: 0 } }, "?show=shelved");

    fireEvent.click(await screen.findByRole("checkbox", { name: "Select all visible" }));
    fireEvent.click(within(screen.getByRole("group", { name: "Selected alarms" })).getByRole("button", { name: "Unshelve" }));
    const dialog = await screen.findByRole("dialog", { name: "Unshelve 2 alarms" });
    fireEvent.click(within(dialog).getByRole("button", { name: "Unshelve" }));

    expect(await within(dialog).findByText("2 done, 0 refused")).toBeDefined();
    expect(commands(asked).at(-1)?.body).toEqual({ names: ["a", "b"] });
  });

  it("is grouped by priority, in words", async () => {
    show([a, b, c], {}, "?group=priority");
    await rowOf("a");
    expect(screen.getByText("critical (1)")).toBeDefined();
    expect(screen.getByText("medium (1)")).toBeDefined();
  });

  it("gives viewers nothing to select", async () => {
    show([a], {}, "", "viewer");
    expect(await screen.findByText("Supply tank level high")).toBeDefined();
    expect(screen.queryAllByRole("checkbox")).toEqual([]);
    expect(screen.queryByRole("group", { name: "Selected alarms" })).toBeNull();
  });
});

describe("alarm detail", () => {
  it("tells why, where the runtime tells it", async () => {
    show([a], { "GET /api/alarms/a/why": { state: "UNACK", sentences: ["TK101.LT is 4.5 m, above 4.4 m.", "Nobody has acknowledged it."], pending: null, overlays: [], history: [] } }, "?alarm=a");
    const why = await screen.findByRole("region", { name: "Why" });
    expect(within(why).getAllByRole("listitem").map((item) => item.textContent)).toEqual(["TK101.LT is 4.5 m, above 4.4 m.", "Nobody has acknowledged it."]);
  });

  it("says nothing where it does not", async () => {
    const asked = show([a], {}, "?alarm=a");
    await waitFor(() => expect(asked.some((one) => one.path === "/api/alarms/a/why")).toBe(true));
    await screen.findByRole("complementary", { name: "a" });
    expect(screen.queryByRole("region", { name: "Why" })).toBeNull();
  });

  it("resets a latched alarm once it is acknowledged", async () => {
    const latched = anAlarm({ name: "l", state: "LACK", core_state: "LACK", active: false, acked: true });
    const asked = show([latched, { ...latched, name: "u", state: "LUNACK", core_state: "LUNACK", acked: false }], { "POST /api/alarms/l/reset": { ...latched, state: "NORM" } }, "?alarm=l");

    const detail = await screen.findByRole("complementary", { name: "l" });
    expect(within(detail).getByText("latched, acknowledged")).toBeDefined();
    fireEvent.click(within(detail).getByRole("button", { name: "Reset" }));
    const dialog = await screen.findByRole("dialog", { name: /^Reset/ });
    fireEvent.click(within(dialog).getByRole("button", { name: "Reset" }));
    await waitFor(() => expect(asked.some((one) => one.path === "/api/alarms/l/reset")).toBe(true));
  });
});
