import { fireEvent, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import { fakeApi, Refusal, showPage, signIn } from "@/testing/fake-api";
import { AddTags } from "./add-tags";

const level = { address: "ns=2;s=L", path: "Tank/Level", name: "Level", description: "", type: "Double", array: false, readable: true, writable: false, unit: "m", range: null };
const server = {
  "GET /api/tags/areas": { items: [] },
  "POST /api/links/browse": { items: [{ address: "ns=2;s=T", name: "Tank", kind: "object" }] },
  "POST /api/links/variables": { items: [level, { ...level, address: "ns=2;s=X", path: "Tank/Structure", type: "" }], complete: true },
};

const type = (label: string, value: string): boolean => fireEvent.change(screen.getByLabelText(label), { target: { value } });

afterEach(() => vi.unstubAllGlobals());

describe("tags made by hand", () => {
  it("show what is wrong at their row, and nothing is made", async () => {
    signIn();
    const mistake = { subject: "tag B", field: "source", message: "no such register", place: "", suggestion: "" };
    const asked = fakeApi({ ...server, "POST /api/links/plc/tags": new Refusal(422, { code: "invalid_configuration", message: "tag B: source", mistakes: [mistake] }) });
    showPage(<AddTags link="plc" scans={["normal"]} browse={false} onClose={vi.fn()} />, "/connections", "/connections");
    fireEvent.click(screen.getByRole("button", { name: "One more row" }));
    for (const [row, name] of [[1, "A"], [2, "B"]] as const) {
      type(`Address in row ${row}`, `holding:${row}`);
      type(`Name in row ${row}`, name);
    }

    fireEvent.click(screen.getByRole("button", { name: "Make 2 tags" }));

    const told = await screen.findByText("source: no such register");
    expect(told.closest("li")?.contains(screen.getByLabelText("Name in row 2"))).toBe(true);
    expect(screen.getByText("One row is wrong; no tag was made.")).toBeDefined();
    expect(asked.find((one) => one.path === "/api/links/plc/tags")?.body).toEqual({
      tags: [
        { name: "A", type: "float", source: "plc/holding:1", scan: "normal" },
        { name: "B", type: "float", source: "plc/holding:2", scan: "normal" },
      ],
    });
  });

  it("cannot have one name twice", () => {
    signIn();
    fakeApi(server);
    showPage(<AddTags link="plc" scans={["normal"]} browse={false} onClose={vi.fn()} />, "/connections", "/connections");
    fireEvent.click(screen.getByRole("button", { name: "One more row" }));
    for (const row of [1, 2]) {
      type(`Address in row ${row}`, "holding:1");
      type(`Name in row ${row}`, "A");
    }

    expect(screen.getByText("twice")).toBeDefined();
    expect(screen.getByRole("button", { name: "Make 2 tags" }).hasAttribute("disabled")).toBe(true);
  });
});

describe("tags made of variables", () => {
  it("opens the tree level by level, says what cannot be chosen and why, and keeps the choice", async () => {
    signIn();
    fakeApi(server);
    showPage(<AddTags link="srv" scans={["normal"]} browse onClose={vi.fn()} />, "/connections", "/connections");
    const node = await screen.findByRole("button", { name: /▸ Tank|Tank object/ });
    expect(node.getAttribute("aria-expanded")).toBe("false");

    fireEvent.click(screen.getByRole("button", { name: "Variables below Tank" }));
    fireEvent.click(await screen.findByLabelText("Tank/Level"));
    expect(screen.getByLabelText<HTMLInputElement>("Tank/Structure").disabled).toBe(true);
    expect(screen.getByText("no type of a tag")).toBeDefined();
    type("Names begin with", "N.");
    fireEvent.click(screen.getByRole("button", { name: "Name 1 tags" }));
    expect(screen.getByLabelText<HTMLInputElement>("Name in row 1").value).toBe("N.Tank.Level");
    fireEvent.click(screen.getByRole("button", { name: "Back to the variables" }));

    expect(screen.getByLabelText<HTMLInputElement>("Tank/Level").checked).toBe(true);
  });
});
