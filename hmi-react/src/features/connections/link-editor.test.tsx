import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import { fakeApi, Refusal, showPage, signIn } from "@/testing/fake-api";
import { AddTags } from "./add-tags";
import { LinkActions } from "./link-actions";
import LinkFormPage from "./link-form-page";

const MODBUS = {
  kind: "modbus",
  title: "Modbus",
  description: "TCP and serial",
  browse: false,
  discover: false,
  connects: true,
  schema: { properties: { name: { type: "string" }, kind: { const: "modbus" }, host: { type: "string", default: "", description: "Name or address" }, port: { type: "integer", default: 502 }, max_gap: { type: "integer", default: 8, "x-advanced": true } } },
};
const OPCUA = { ...MODBUS, kind: "opcua", title: "OPC UA", browse: true, discover: true, schema: { properties: { url: { type: "string" }, policy: { enum: ["Basic256Sha256", "None"], default: "Basic256Sha256" }, mode: { enum: ["Sign", "SignAndEncrypt"], default: "SignAndEncrypt" }, server_certificate: { type: "string", default: "" } } } };
const KINDS = { "GET /api/link-kinds": { items: [MODBUS, OPCUA] }, "POST /api/links/check": { mistakes: [] } };
const DEFINITION = { name: "plc", body: { name: "plc", kind: "modbus", host: "10.0.0.5" }, hash: "h1", owner: "project", edited: true, tags: 2, users: [] };

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

describe("the editor of links", () => {
  it("makes a link from what was typed, and goes to it", async () => {
    signIn();
    const asked = fakeApi({ ...KINDS, "POST /api/links": { name: "meter" } });
    const router = showPage(<LinkFormPage />, "/connections/new", "/connections/new");

    fireEvent.change(await screen.findByLabelText("Link"), { target: { value: "meter" } });
    fireEvent.change(screen.getByLabelText("Host"), { target: { value: "10.0.0.9" } });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() => expect(router.state.location.search).toBe("?link=meter"));
    expect(asked.find((one) => one.method === "POST" && one.path === "/api/links")?.body).toEqual({ body: { name: "meter", kind: "modbus", host: "10.0.0.9" } });
  });

  it("shows each mistake at its field", async () => {
    signIn();
    const mistake = { subject: "link meter", field: "host", message: "transport tcp needs one", place: "", suggestion: "" };
    fakeApi({ ...KINDS, "POST /api/links": new Refusal(422, { code: "invalid_configuration", message: "link meter: host", mistakes: [mistake] }) });
    showPage(<LinkFormPage />, "/connections/new", "/connections/new");

    fireEvent.change(await screen.findByLabelText("Link"), { target: { value: "meter" } });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));

    expect(await screen.findByText("transport tcp needs one")).toBeDefined();
  });

  it("lets one choose whose change counts when somebody was quicker", async () => {
    signIn();
    const theirs = { ...DEFINITION, hash: "h2", changed_by: "ben", changed_at: 1_800_000_000, body: { ...DEFINITION.body, port: 504 } };
    let definition = DEFINITION;
    const asked = fakeApi({ ...KINDS, "GET /api/links/plc/definition": () => definition, "PUT /api/links/plc": (call: { body: unknown }) => ((call.body as { seen?: string }).seen ? new Refusal(409, { code: "changed", message: "changed" }) : { name: "plc" }) });
    showPage(<LinkFormPage />, "/connections/:name/edit", "/connections/plc/edit");

    fireEvent.change(await screen.findByLabelText("Port"), { target: { value: "503" } });
    definition = theirs;
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText(/ben changed it at/);
    expect((await screen.findByText("504")).closest("tr")?.textContent).toBe("port503504");
    fireEvent.click(screen.getByRole("button", { name: /mine/i }));

    await waitFor(() => expect(asked.filter((one) => one.method === "PUT")).toHaveLength(2));
    expect(asked.findLast((one) => one.method === "PUT")?.body).toEqual({ body: { name: "plc", kind: "modbus", host: "10.0.0.5", port: 503 } });
  });

  it("tells the steps of a try", async () => {
    signIn();
    const steps = [
      { step: "name", ok: true, ms: 1, message: "10.0.0.5 is 10.0.0.5" },
      { step: "port", ok: false, ms: 3000, message: "timed out: nothing answers" },
    ];
    const asked = fakeApi({ ...KINDS, "GET /api/links/plc/definition": DEFINITION, "POST /api/links/test": { ok: false, steps, reading: null } });
    showPage(<LinkFormPage />, "/connections/:name/edit", "/connections/plc/edit");

    fireEvent.change(await screen.findByLabelText("Address to read"), { target: { value: "holding:1" } });
    fireEvent.click(screen.getByRole("button", { name: "Connect now" }));

    expect(await screen.findByText("timed out: nothing answers")).toBeDefined();
    expect(screen.getByText("It does not work:")).toBeDefined();
    expect(asked.find((one) => one.path === "/api/links/test")?.body).toEqual({ body: DEFINITION.body, address: "holding:1" });
  });

  it("shows what an address gives, and says when that is of what was typed before", async () => {
    signIn();
    const reading = { address: "holding:1", value: 42, quality: 0x40940600, severity: "UNCERTAIN", reason: "over range", source_time: null, error: "" };
    const steps = [{ step: "read", ok: true, ms: 4, message: "holding:1 is 42" }];
    fakeApi({ ...KINDS, "GET /api/links/plc/definition": DEFINITION, "POST /api/links/test": { ok: true, steps, reading } });
    showPage(<LinkFormPage />, "/connections/:name/edit", "/connections/plc/edit");

    fireEvent.change(await screen.findByLabelText("Address to read"), { target: { value: "holding:1" } });
    fireEvent.click(screen.getByRole("button", { name: "Connect now" }));

    const shown = await screen.findByRole("group", { name: "Read at holding:1" });
    expect(within(shown).getByText("42")).toBeDefined();
    expect(within(shown).getByRole("img", { name: "Over range" })).toBeDefined();
    expect(screen.queryByText(/typed before/)).toBeNull();
    fireEvent.change(screen.getByLabelText("Host"), { target: { value: "10.0.0.6" } });
    expect(screen.getByText(/typed before/)).toBeDefined();
  });

  it("opens what is rarely changed when something in it is wrong, and leaves it open once mended", async () => {
    signIn();
    const mistake = { subject: "link plc", field: "max_gap", message: "expected a whole number", place: "", suggestion: "" };
    fakeApi({ ...KINDS, "GET /api/links/plc/definition": DEFINITION, "POST /api/links/check": (call: { body: unknown }) => ({ mistakes: JSON.stringify(call.body).includes("many") ? [mistake] : [] }) });
    showPage(<LinkFormPage />, "/connections/:name/edit", "/connections/plc/edit");
    const field = await screen.findByLabelText("Max gap");
    expect(field.closest("details")?.open).toBe(false);

    fireEvent.change(field, { target: { value: "many" } });
    await screen.findByText("expected a whole number");
    expect(field.closest("details")?.open).toBe(true);
    fireEvent.change(field, { target: { value: "9" } });

    await waitFor(() => expect(screen.queryByText("expected a whole number")).toBeNull());
    expect(field.closest("details")?.open).toBe(true);
  });

  it("asks before typed changes are left", async () => {
    signIn();
    fakeApi({ ...KINDS, "GET /api/links/plc/definition": DEFINITION });
    const router = showPage(<LinkFormPage />, "/connections/:name/edit", "/connections/plc/edit");
    fireEvent.change(await screen.findByLabelText("Host"), { target: { value: "10.0.0.6" } });

    fireEvent.click(screen.getByRole("button", { name: "Cancel" }));

    fireEvent.click(within(await screen.findByRole("dialog")).getByText("Discard"));
    await waitFor(() => expect(router.state.location.search).toBe("?link=plc"));
  });

  it("edits no link whose fields are not known", async () => {
    signIn();
    fakeApi({ ...KINDS, "GET /api/links/plc/definition": { ...DEFINITION, body: { name: "plc", kind: "s7", rack: 1 } } });
    showPage(<LinkFormPage />, "/connections/:name/edit", "/connections/plc/edit");

    expect(await screen.findByText(/No driver of kind s7/)).toBeDefined();
    expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
  });

  it("takes over a discovered way in once its certificate was compared", async () => {
    signIn();
    const endpoint = { url: "opc.tcp://srv:4840/x", policy: "Basic256Sha256", mode: "Sign", thumbprint: "aabb", certificate: "ZGVy", logins: [] };
    const asked = fakeApi({ ...KINDS, "POST /api/links/discover": { servers: [], endpoints: [endpoint] }, "POST /api/links/certificates": { file: "opcua/servers/aabb.der", thumbprint: "aabb" } });
    showPage(<LinkFormPage />, "/connections/new", "/connections/new");

    fireEvent.change(await screen.findByLabelText("Kind"), { target: { value: "opcua" } });
    fireEvent.click(screen.getByRole("button", { name: "Discover" }));
    fireEvent.click(await screen.findByRole("button", { name: "Look" }));
    fireEvent.click(await screen.findByRole("button", { name: "Choose" }));
    expect(screen.getByText("aa:bb")).toBeDefined();
    expect(screen.getByRole("button", { name: "Take over" }).hasAttribute("disabled")).toBe(true);
    fireEvent.click(screen.getByLabelText(/I have compared it/));
    fireEvent.click(screen.getByRole("button", { name: "Take over" }));

    await waitFor(() => expect((screen.getByLabelText("Server certificate") as HTMLInputElement).value).toBe("opcua/servers/aabb.der"));
    expect((screen.getByLabelText("Url") as HTMLInputElement).value).toBe(endpoint.url);
    expect(asked.find((one) => one.path === "/api/links/certificates")?.body).toEqual({ certificate: "ZGVy" });
  });
});

describe("what may be done with a link", () => {
  it("renames it, and tells the page its new name", async () => {
    signIn();
    const asked = fakeApi({ "POST /api/links/plc/rename": { name: "press" } });
    const onNamed = vi.fn();
    showPage(<LinkActions definition={DEFINITION} onNamed={onNamed} />, "/connections", "/connections");
    fireEvent.click(screen.getByRole("button", { name: "Rename" }));

    fireEvent.change(within(await screen.findByRole("dialog")).getByLabelText("Link"), { target: { value: " press " } });
    fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Rename" }));

    await waitFor(() => expect(onNamed).toHaveBeenCalledWith("press"));
    expect(asked.find((one) => one.path === "/api/links/plc/rename")?.body).toEqual({ name: "press" });
  });

  it("says which tags keep it when it cannot be deleted", async () => {
    signIn();
    fakeApi({ "DELETE /api/links/plc": new Refusal(409, { code: "in_use", message: "link plc: used by tag A, tag B" }) });
    showPage(<LinkActions definition={DEFINITION} onNamed={vi.fn()} />, "/connections", "/connections");

    fireEvent.click(screen.getByRole("button", { name: "Delete" }));
    fireEvent.click(screen.getAllByRole("button", { name: "Delete" }).at(-1)!);

    expect(await screen.findByText(/used by tag A, tag B/)).toBeDefined();
    expect(screen.getByText("Its 2 tags").getAttribute("href")).toBe("/tags?link=plc");
  });

  it("makes tags of chosen variables", async () => {
    signIn();
    const level = { address: "ns=2;s=L", path: "Tank/Level", name: "Level", description: "", type: "Double", array: false, readable: true, writable: false, unit: "m", range: null };
    const asked = fakeApi({
      "POST /api/links/browse": { items: [{ address: "ns=2;s=T", name: "Tank", kind: "object" }] },
      "POST /api/links/variables": { items: [level, { ...level, address: "ns=2;s=A", path: "Tank/List", array: true }], complete: true },
      "POST /api/links/srv/tags": { added: [{ kind: "tag", name: "Tank.Level" }], changed: [], removed: [], restart: [] },
      "GET /api/tags/areas": { items: [] },
    });
    showPage(<AddTags link="srv" scans={["fast", "normal"]} browse onClose={vi.fn()} />, "/connections", "/connections");

    fireEvent.click(await screen.findByRole("button", { name: "Variables below Tank" }));
    fireEvent.click(await screen.findByLabelText("Tank/Level"));
    expect((screen.getByLabelText("Tank/List") as HTMLInputElement).disabled).toBe(true);
    fireEvent.click(screen.getByRole("button", { name: "Name 1 tags" }));
    fireEvent.click(await screen.findByRole("button", { name: "Make 1 tags" }));

    expect(await screen.findByText("1 tags were made.")).toBeDefined();
    expect(asked.find((one) => one.path === "/api/links/srv/tags")?.body).toEqual({ tags: [{ name: "Tank.Level", type: "float", source: "srv/ns=2;s=L", scan: "normal" }] });
  });
});
