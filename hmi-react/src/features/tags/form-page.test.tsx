import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import { fakeApi, Refusal, showPage, signIn } from "@/testing/fake-api";
import { aTag } from "@/testing/samples";
import FormPage from "./form-page";

const body = { name: "TK101.LT", unit: "m", range: [0, 5], source: "plant/1" };
const detail = { tag: aTag(), body, hash: "a".repeat(64), owner: "project", edited: false, changed_at: 100, changed_by: "bob", raw: null, own: null, override: null, users: [], expression_tags: [] };
const quantities = [{ id: "length", name: "Length", units: [{ id: "m", symbol: "m", name: "metre" }] }];

const usual = {
  "GET /api/units": { quantities },
  "GET /api/tags/areas": { items: [] },
  "GET /api/links": { items: [] },
  "GET /api/tags": { items: [], total: 0 },
  "GET /api/project/schemas/tag": { properties: { description: { maxLength: 500 } } },
  "GET /api/tags/TK101.LT/detail": detail,
  "POST /api/tags/check": { mistakes: [] },
};

const field = (name: string): HTMLInputElement => screen.getByLabelText<HTMLInputElement>(name, { selector: "input, textarea" });
const type = (name: string, value: string): boolean => fireEvent.change(field(name), { target: { value } });

afterEach(() => vi.unstubAllGlobals());

describe("form of a tag", () => {
  it("saves a new tag with Ctrl-S and goes to its page, without asking about unsaved changes", async () => {
    signIn();
    const asked = fakeApi({ ...usual, "POST /api/tags": () => aTag({ name: "NEW" }) });
    const router = showPage(<FormPage />, "/tags/new", "/tags/new");
    type("Tag", "NEW");
    type("High", "9");
    type("Low", "1");

    fireEvent.keyDown(document.body, { key: "s", ctrlKey: true });

    await waitFor(() => expect(router.state.location.pathname).toBe("/tags/NEW"));
    expect(asked.find((call) => call.method === "POST" && call.path === "/api/tags")?.body).toEqual({ body: { name: "NEW", range: [1, 9] } });
  });

  it("says what is missing only when it is to be saved, and sends nothing", () => {
    signIn();
    const asked = fakeApi(usual);
    showPage(<FormPage />, "/tags/new", "/tags/new");
    type("Low", "1");
    expect(screen.queryByText("Is needed.")).toBeNull();

    fireEvent.click(screen.getByText("Save"));

    expect(screen.getAllByText("Is needed.").length).toBeGreaterThan(0);
    expect(asked.some((call) => call.method === "POST")).toBe(false);
  });

  it("shows at its field what the runtime finds while it is typed", async () => {
    signIn();
    const mistakes = [{ subject: "tag TK101.LT", field: "source", message: "no link plan", place: "", suggestion: "plant" }];
    fakeApi({ ...usual, "POST /api/tags/check": ({ body: sent }: { body: unknown }) => ({ mistakes: JSON.stringify(sent).includes("plan/1") ? mistakes : [] }) });
    showPage(<FormPage />, "/tags/:name/edit", "/tags/TK101.LT/edit");
    await screen.findByDisplayValue("plant/1");

    type("Source", "plan/1");

    expect(await screen.findByText("no link plan (plant?)")).toBeDefined();
  });

  it("asks before typed changes are left with Escape", async () => {
    signIn();
    fakeApi(usual);
    const router = showPage(<FormPage />, "/tags/:name/edit", "/tags/TK101.LT/edit");
    await screen.findByDisplayValue("plant/1");
    type("Description", "Level");

    fireEvent.keyDown(document.body, { key: "Escape" });

    const question = await screen.findByRole("dialog");
    expect(router.state.location.pathname).toBe("/tags/TK101.LT/edit");
    fireEvent.click(within(question).getByText("Discard"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/tags/TK101.LT"));
  });

  it("shows what somebody else has made of the tag meanwhile, and can take it", async () => {
    signIn();
    let theirs = detail;
    const refuse = () => {
      theirs = { ...detail, hash: "b".repeat(64), body: { ...body, range: [0, 7] } };
      return new Refusal(409, { code: "changed", message: "somebody else has changed it" });
    };
    const asked = fakeApi({ ...usual, "GET /api/tags/TK101.LT/detail": () => theirs, "PUT /api/tags/TK101.LT": refuse });
    showPage(<FormPage />, "/tags/:name/edit", "/tags/TK101.LT/edit");
    await screen.findByDisplayValue("plant/1");
    type("High", "6");
    fireEvent.click(screen.getByText("Save"));

    const difference = await screen.findByText("0, 7");
    expect(difference.closest("tr")?.textContent).toBe("range0, 60, 7");
    expect(asked.find((call) => call.method === "PUT")?.body).toMatchObject({ seen: "a".repeat(64) });

    fireEvent.click(screen.getByText("Load theirs"));
    await waitFor(() => expect(field("High").value).toBe("7"));
  });
});
