import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import type { Body } from "@/api/tags";
import type { RoleName } from "@/api/types";
import { alarmSchema } from "@/testing/alarm-schema";
import { fakeApi, Refusal, showPage, signIn, type Asked } from "@/testing/fake-api";
import { aTag } from "@/testing/samples";
import AlarmFormPage from "./alarm-form-page";

// The chart draws on a canvas, which the test has not.
vi.mock("@/ui/trend", () => ({ Trend: ({ marks }: { marks: { lines: number[] } | null }) => <i data-testid="trend">{marks?.lines.join(" ")}</i> }));

const body = { name: "TK101.LT.H", tag: "TK101.LT", condition: { kind: "high", limit: 4 }, cause: "stuck" };
const definition = { name: "TK101.LT.H", body, hash: "a".repeat(64), owner: "project", edited: true, changed_at: 100, changed_by: "ben" };
const nothing = { consequence: "", cause: "", action: "", response_s: 0, display: "" };

const usual = {
  "GET /api/project/schemas/alarm": alarmSchema(),
  "GET /api/units": { quantities: [] },
  "GET /api/tags/areas": { items: [] },
  "GET /api/alarms/classes": { items: [{ name: "safety", description: "Never kept silent.", shelvable: false, max_shelve_s: null, ack_permission: "force", ack_role: "supervisor" }] },
  "GET /api/alarms": { items: [], counts: { unack: 0, active: 0, by_priority: {} } },
  "GET /api/apps": { items: [] },
  "GET /api/links": { items: [] },
  "GET /api/tags": { items: [aTag()], total: 1 },
  "POST /api/tags/descriptions": { items: [aTag()] },
  "GET /api/alarms/TK101.LT.H/definition": definition,
  "POST /api/alarms/check": { mistakes: [], guidance: nothing, guidance_origins: {} },
};

const field = (name: string): HTMLInputElement => screen.getByLabelText<HTMLInputElement>(name, { selector: "input, textarea, select" });
const type = (name: string, value: string): boolean => fireEvent.change(field(name), { target: { value } });
const sent = (asked: readonly Asked[], method: string, path: string): Body | undefined => asked.find((call) => call.method === method && call.path === path)?.body as Body | undefined;

function show(address: string, replies: Parameters<typeof fakeApi>[0] = {}, role: RoleName = "engineer") {
  signIn(role);
  const asked = fakeApi({ ...usual, ...replies });
  const router = showPage(<AlarmFormPage />, address.includes("/edit") ? "/alarms/:name/edit" : "/alarms/new", address);
  return { asked, router };
}

/** Found by their texts: to look for a role among so many fields takes seconds. */
const option = (kind: string): HTMLElement => screen.getByText(kind, { selector: "[role=option] *" }).closest<HTMLElement>("[role=option]")!;

const disabled = (kind: string): string | null => option(kind).getAttribute("data-combobox-disabled");

const openKinds = async (): Promise<void> => {
  await screen.findByLabelText("Kind", { selector: "input" });
  fireEvent.click(field("Kind"));
};

const choose = async (kind: string): Promise<void> => {
  await openKinds();
  fireEvent.click(option(kind));
};

/** Finds a limit of 9 too high, and a field that no form has. */
const mistakes = (found: Asked) =>
  JSON.stringify(found.body).includes('"limit":9')
    ? [
        { subject: "", field: "condition.limit", message: "out of the range 0 to 5", place: "", suggestion: "" },
        { subject: "", field: "colour", message: "unknown field", place: "", suggestion: "" },
      ]
    : [];

afterEach(() => vi.unstubAllGlobals());

describe("form of an alarm", () => {
  it("begins with the tag that it is for, and saves several limits with Ctrl-S", async () => {
    const { asked, router } = show("/alarms/new?tag=TK101.LT", { "POST /api/alarms": { ...definition, name: "TK101.LT.LIMITS" } });
    await choose("Several limits");
    expect(field("Name").value).toBe("TK101.LT.LIMITS");
    type("Limit, High", "4");
    fireEvent.click(field("High high"));
    type("Limit, High high", "3");
    expect(screen.getByText("Must be above High (4).")).toBeDefined();
    type("Limit, High high", "4,5");
    type("Priority, High high", "1");
    expect(screen.getByTestId("trend").textContent).toBe("4.5 4");

    fireEvent.keyDown(document.body, { key: "s", ctrlKey: true });

    await waitFor(() => expect(router.state.location.pathname).toBe("/alarms"));
    expect(router.state.location.search).toBe("?show=all&alarm=TK101.LT.LIMITS");
    expect(sent(asked, "POST", "/api/alarms")).toEqual({ body: { name: "TK101.LT.LIMITS", tag: "TK101.LT", condition: { kind: "levels", high_high: { limit: 4.5, priority: 1 }, high: { limit: 4 } } } });
  });

  it("offers only kinds that the tag can be judged by", async () => {
    show("/alarms/new?tag=TK101.LT");
    await openKinds();
    expect([disabled("Low"), disabled("On or off"), disabled("In a state")]).toEqual([null, "true", "true"]);
  });

  it("says what is missing only when it is to be saved, and sends nothing", async () => {
    const { asked } = show("/alarms/new");
    await screen.findByLabelText("Limit");
    expect(screen.queryByText("Is needed.")).toBeNull();

    fireEvent.click(screen.getByText("Save"));

    expect(screen.getAllByText("Is needed.")).toHaveLength(3);
    expect(sent(asked, "POST", "/api/alarms")).toBeUndefined();
  });

  it("shows at their fields what the runtime finds while it is typed, and above it what no field shows", async () => {
    show("/alarms/TK101.LT.H/edit", { "POST /api/alarms/check": (asked: Asked) => ({ mistakes: mistakes(asked), guidance: nothing, guidance_origins: {} }) });
    await screen.findByDisplayValue("4");

    type("Limit", "9");

    expect(await screen.findByText("out of the range 0 to 5")).toBeDefined();
    expect(screen.getByRole("alert").textContent).toBe("colour unknown field");
  });

  it("shows what areas say in place of the definition, each with its area, and reminds of what nobody says", async () => {
    const guidance = { ...nothing, consequence: "The tank runs over.", response_s: 600, display: "/overview" };
    const guidance_origins = { consequence: "station/pumps", response_s: "station", display: "plant" };
    show("/alarms/TK101.LT.H/edit", { "POST /api/alarms/check": { mistakes: [], guidance, guidance_origins } });
    await screen.findByPlaceholderText("The tank runs over.");
    const hint = (name: string): string | undefined => document.getElementById(field(name).getAttribute("aria-describedby") ?? "")?.textContent;
    expect([hint("If nothing is done"), hint("Time to respond"), hint("Display")]).toEqual(["Inherited from area station/pumps.", "Inherited from area station.", "Inherited from area plant."]);
    expect([field("Time to respond").placeholder, field("Display").placeholder]).toEqual(["600", "/overview"]);
    expect(hint("What to do")).toBe("Without something to do it is no alarm.");
    expect(hint("Likely cause")).toBeUndefined();

    type("If nothing is done", "It spills.");

    expect(hint("If nothing is done")).toBeUndefined();
  });

  it("tells what the class means", async () => {
    show("/alarms/TK101.LT.H/edit");
    await screen.findByText("safety");
    fireEvent.change(field("Class"), { target: { value: "safety" } });
    expect(screen.getByText("Never kept silent. Nobody may shelve it. Acknowledged by: supervisor.")).toBeDefined();
  });

  it("takes another alarm as a copy, without its name", async () => {
    const { asked } = show("/alarms/new?copy=TK101.LT.H", { "POST /api/alarms": { ...definition, name: "COPY" } });
    await screen.findByDisplayValue("stuck");
    expect(field("Name").value).toBe("");
    type("Name", "COPY");
    fireEvent.click(screen.getByText("Save"));
    await waitFor(() => expect(sent(asked, "POST", "/api/alarms")).toEqual({ body: { ...body, name: "COPY" } }));
  });

  it("asks before typed changes are left with Escape", async () => {
    const { router } = show("/alarms/TK101.LT.H/edit");
    await screen.findByDisplayValue("stuck");
    type("Likely cause", "valve stuck");
    fireEvent.keyDown(document.body, { key: "Escape" });
    const question = await screen.findByRole("dialog");
    expect(router.state.location.pathname).toBe("/alarms/TK101.LT.H/edit");
    fireEvent.click(within(question).getByText("Discard"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/alarms"));
  });

  it("shows what somebody else has made of the alarm meanwhile, and can keep its own", async () => {
    let theirs = definition;
    const put = (asked: Asked) => {
      if ((asked.body as Body)["seen"] === undefined) return { ...definition, hash: "c".repeat(64) };
      theirs = { ...definition, hash: "b".repeat(64), body: { ...definition.body, condition: { kind: "high", limit: 3 } } };
      return new Refusal(409, { code: "changed", message: "somebody else has changed it" });
    };
    const { asked, router } = show("/alarms/TK101.LT.H/edit", { "GET /api/alarms/TK101.LT.H/definition": () => theirs, "PUT /api/alarms/TK101.LT.H/definition": put });
    await screen.findByDisplayValue("stuck");
    type("Limit", "4.5");
    fireEvent.click(screen.getByText("Save"));

    const difference = await screen.findByText("kind high, limit 3");
    expect(difference.closest("tr")?.textContent).toContain("kind high, limit 4.5");
    expect(sent(asked, "PUT", "/api/alarms/TK101.LT.H/definition")).toMatchObject({ seen: "a".repeat(64) });

    fireEvent.click(screen.getByText("Save mine over it"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/alarms"));
    expect(asked.findLast((call) => call.method === "PUT")?.body).toEqual({ body: { ...body, condition: { kind: "high", limit: 4.5 } } });
  });

  it("is for engineers only", () => {
    show("/alarms/new", {}, "supervisor");
    expect(screen.getByText("Engineers make and change alarms.")).toBeDefined();
    expect(screen.queryByText("Save")).toBeNull();
  });
});
