import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import type { JournalRow, Occurrence } from "@/api/alarm-history";
import { fakeApi, Refusal, showPage, signIn, type Asked } from "@/testing/fake-api";
import { anAlarm } from "@/testing/samples";
import { clearDisplay, setDisplay } from "@/ui/display";
import JournalPage from "./journal-page";

const height = Object.getOwnPropertyDescriptor(Element.prototype, "clientHeight");

const raised: JournalRow = {
  seq: 7, time: 1000, event: "raised", alarm: "TK101.LT.H", message: "TK101.LT above 4.4 m: raised", actor: "system", origin: "runtime", comment: null, tag: "TK101.LT",
  area: "station/supply", priority: 2, from: "NORM", to: "UNACK", core_state: "UNACK", condition: "high", limit: 4.4, deadband: 0.1, unit: "m", value: 4.5, quality: "GOOD",
  source_time: 999, annunciated: true, suppressed: false, occurrence_id: "one", condition_time: 995, active_time: 1000, duration_s: null, until: null, work_order: null,
};
const acknowledged: JournalRow = { ...raised, seq: 8, time: 1030, event: "acknowledged", actor: "anna", comment: "seen it", from: "UNACK", to: "ACKED", duration_s: 30 };
const occurrence: Occurrence = {
  id: 3, alarm: "TK101.LT.H", occurrence_id: "one", tag: "TK101.LT", area: "station/supply", priority: 2, condition: "high", message: "TK101.LT above 4.4 m", raised: 1000,
  acknowledged: 1030, ack_by: "anna", ack_comment: "seen it", returned: 1090, closed: 1090, suppressed: false, annunciated: true, comments: 1, duration_s: 90, time_to_ack_s: 30,
};
const alarms = { "GET /api/alarms": { items: [anAlarm()], counts: { unack: 0, active: 0, by_priority: {} } } };

const show = (address: string) => showPage(<JournalPage />, "/alarm-journal", `/alarm-journal${address}`);
const of = (asked: Asked[], path: string) => asked.filter((one) => one.path === path);

beforeEach(() => {
  // Without a layout nothing has a size, and no row would be in sight.
  Object.defineProperty(Element.prototype, "clientHeight", { value: 640, configurable: true });
});

afterEach(() => {
  if (height) Object.defineProperty(Element.prototype, "clientHeight", height);
  vi.unstubAllGlobals();
  clearDisplay();
});

describe("the alarm journal", () => {
  it("lists every row in human words, newest first as the runtime tells them", async () => {
    signIn("viewer");
    fakeApi({ ...alarms, "GET /api/alarms/journal": { items: [acknowledged, raised], next: null } });
    show("");

    const rows = await within(await screen.findByRole("table", { name: "Alarm journal" })).findAllByRole("row");
    expect(rows[1]?.textContent).toContain("acknowledged");
    expect(rows[1]?.textContent).toContain("anna");
    expect(rows[2]?.textContent).toContain("raised");
    expect(rows[2]?.textContent).toContain("4.5 m");
    expect(rows[2]?.textContent).toContain("system");
  });

  it("asks for what the address says, and for the older rows when they come in sight", async () => {
    signIn("viewer");
    const asked = fakeApi({ ...alarms, "GET /api/alarms/journal": (one: Asked) => (one.query.has("before") ? { items: [raised], next: null } : { items: [acknowledged], next: 8 }) });
    show("?from=2026-03-29T00:00:00Z&to=2026-03-30T00:00:00Z&area=station&event=raised&state=UNACK&actor=anna&priority=2&text=level&tag=TK101.LT&alarm=TK101.LT.H");

    expect(await screen.findAllByText("TK101.LT.H")).not.toHaveLength(0);
    await waitFor(() => expect(of(asked, "/api/alarms/journal")).toHaveLength(2));
    const [first, second] = of(asked, "/api/alarms/journal").map((one) => Object.fromEntries(one.query));
    expect(first).toEqual({
      start: String(Date.parse("2026-03-29T00:00:00Z") / 1000), end: String(Date.parse("2026-03-30T00:00:00Z") / 1000), area: "station", event: "raised", state: "UNACK",
      actor: "anna", priority: "2", text: "level", tag: "TK101.LT", alarm: "TK101.LT.H", limit: "200",
    });
    expect(second?.["before"]).toBe("8");
    expect(await screen.findByText("2 rows")).toBeDefined();
  });

  it("shows from and to in the zone of the user and keeps them as instants", async () => {
    setDisplay({ zone: "Asia/Tokyo" });
    signIn("viewer");
    fakeApi({ ...alarms, "GET /api/alarms/journal": { items: [], next: null } });
    const router = show("?from=2026-03-29T00:00:00Z&to=2026-03-30T00:00:00Z");

    expect(await screen.findByText("No rows match.")).toBeDefined();
    const from = screen.getByLabelText<HTMLInputElement>("From");
    expect(from.value).toBe("2026-03-29T09:00");
    fireEvent.change(from, { target: { value: "2026-03-29T10:30" } });
    fireEvent.blur(from);
    await waitFor(() => expect(new URLSearchParams(router.state.location.search).get("from")).toBe("2026-03-29T01:30:00Z"));
    fireEvent.change(screen.getByLabelText("To"), { target: { value: "2026-03-28T10:30" } });
    fireEvent.blur(screen.getByLabelText("To"));
    expect((await screen.findByRole("alert")).textContent).toContain("ends before it begins");
  });

  it("keeps filters in the address and clears them together", async () => {
    signIn("viewer");
    fakeApi({ ...alarms, "GET /api/alarms/journal": { items: [], next: null } });
    const router = show("?area=station&actor=anna&period=7d");

    expect(await screen.findByText("Filters (2)")).toBeDefined();
    fireEvent.change(screen.getByLabelText("Search text"), { target: { value: "pump" } });
    await waitFor(() => expect(router.state.location.search).toContain("text=pump"));
    fireEvent.click(screen.getByRole("button", { name: "Clear filters" }));
    await waitFor(() => expect(router.state.location.search).toBe("?period=7d"));
  });

  it("opens a row with all that is known of it and nothing that is not", async () => {
    signIn("viewer");
    fakeApi({ ...alarms, "GET /api/alarms/journal": { items: [raised], next: null } });
    show("?row=7");

    const detail = await screen.findByRole("complementary", { name: raised.message });
    const facts = within(detail).getAllByRole("term").map((term) => [term.textContent, term.nextSibling?.textContent]);
    expect(facts).toContainEqual(["To state", "unacknowledged"]);
    expect(facts).toContainEqual(["Condition", "above 4.4 m"]);
    expect(facts).toContainEqual(["Announced", "yes"]);
    expect(facts.map(([name]) => name)).not.toContain("Work order");
    expect(within(detail).getByRole("link", { name: "Show alarm" }).getAttribute("href")).toBe("/alarms?show=all&alarm=TK101.LT.H");
  });

  it("tells of an occurrence who acknowledged it after how long, and its story", async () => {
    signIn("viewer");
    const asked = fakeApi({
      ...alarms,
      "GET /api/alarms/occurrences": { items: [occurrence], next: null },
      "GET /api/alarms/journal": { items: [{ ...raised, seq: 9, occurrence_id: "another" }, acknowledged, raised], next: null },
    });
    show("?view=occurrences&open=1&event=raised");

    const row = (await screen.findByText("anna after 30 s")).closest("[role=row]")!;
    expect(row.textContent).toContain("1 min 30 s");
    expect(Object.fromEntries(of(asked, "/api/alarms/occurrences")[0]!.query)).toMatchObject({ open: "true" });
    expect(of(asked, "/api/alarms/occurrences")[0]!.query.has("event")).toBe(false);
    fireEvent.click(row);
    const story = within(await screen.findByRole("region", { name: "What happened" }));
    await waitFor(() => expect(story.getAllByRole("listitem").map((item) => item.textContent)).toHaveLength(2));
    expect(story.getAllByRole("listitem")[1]?.textContent).toContain("anna: seen it");
  });

  it("hands over the rows that match as a file, and says why if it cannot", async () => {
    signIn("viewer");
    let refused = false;
    const asked = fakeApi({
      ...alarms,
      "GET /api/alarms/journal": { items: [raised], next: null },
      "GET /api/alarms/journal/export": () => (refused ? new Refusal(503, { code: "storage", message: "The journal cannot be read." }) : "seq,time"),
    });
    const made = vi.fn(() => "blob:x");
    vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: made, revokeObjectURL: vi.fn() }));
    show("?from=2026-03-29T00:00:00Z&area=station");

    fireEvent.click(await screen.findByRole("button", { name: "Export CSV" }));
    await waitFor(() => expect(made).toHaveBeenCalled());
    expect(Object.fromEntries(of(asked, "/api/alarms/journal/export")[0]!.query)).toEqual({ start: String(Date.parse("2026-03-29T00:00:00Z") / 1000), area: "station" });
    refused = true;
    fireEvent.click(screen.getByRole("button", { name: "Export CSV" }));
    expect((await screen.findByRole("alert")).textContent).toContain("cannot be read");
  });

  it("says what went wrong and asks again", async () => {
    signIn("viewer");
    let fails = true;
    fakeApi({ ...alarms, "GET /api/alarms/journal": () => (fails ? new Refusal(503, { code: "storage", message: "The journal cannot be read." }) : { items: [raised], next: null }) });
    show("");

    expect((await screen.findByRole("alert")).textContent).toContain("cannot be read");
    fails = false;
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("TK101.LT.H")).toBeDefined();
  });
});
