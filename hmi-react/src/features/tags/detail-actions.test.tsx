import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import type { TagDetail } from "@/api/tags";
import { fakeApi, Refusal, showPage, signIn } from "@/testing/fake-api";
import { aTag } from "@/testing/samples";
import { DetailActions } from "./detail-actions";

const detail = (over: Partial<TagDetail> = {}): TagDetail => ({
  tag: aTag({ name: "MODE", type: "enum", unit: "", range: null, states: { "0": "Hand", "1": "Auto" } }),
  body: { name: "MODE" },
  hash: "a".repeat(64),
  owner: "project",
  edited: false,
  changed_at: null,
  changed_by: null,
  raw: null,
  own: null,
  override: null,
  users: [{ kind: "alarm", name: "MODE.H", how: "tag" }],
  expression_tags: [],
  ...over,
});

const show = (one: TagDetail) => showPage(<DetailActions detail={one} />, "/tags/:name", "/tags/MODE");

afterEach(() => vi.unstubAllGlobals());

describe("what may be done with a tag", () => {
  it("depends on the role, and on who declares the tag", () => {
    signIn("operator");
    fakeApi({});
    show(detail());
    expect(screen.queryAllByRole("button")).toHaveLength(0);

    cleanup();
    signIn("engineer");
    show(detail({ owner: "equipment:P1" }));
    expect(screen.getByText("Force")).toBeDefined();
    expect(screen.queryByText("Rename")).toBeNull();
  });

  it("is forced to one of its states, with a reason", async () => {
    signIn("supervisor");
    const asked = fakeApi({ "PUT /api/tags/MODE/force": () => aTag() });
    show(detail());
    fireEvent.click(screen.getByText("Force"));
    const dialog = within(await screen.findByRole("dialog"));
    const act = (): HTMLButtonElement => dialog.getByText("Force").closest("button") as HTMLButtonElement;
    expect(act().disabled).toBe(true);

    fireEvent.change(dialog.getByLabelText("Forced value"), { target: { value: "1" } });
    fireEvent.change(dialog.getByLabelText(/Reason/), { target: { value: "test of the valve" } });
    fireEvent.click(act());

    await waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]?.body).toEqual({ value: 1, reason: "test of the valve" });
  });

  it("is not deleted while it is used, and says by whom", async () => {
    signIn("engineer");
    fakeApi({ "DELETE /api/tags/MODE": new Refusal(409, { code: "in_use", message: "tag MODE: used by alarm MODE.H" }) });
    const router = show(detail());
    fireEvent.click(screen.getByText("Delete"));
    const dialog = within(await screen.findByRole("dialog"));
    fireEvent.click(dialog.getByText("Delete"));

    expect((await dialog.findByText("MODE.H")).getAttribute("href")).toBe("/alarms?show=all&alarm=MODE.H");
    expect(router.state.location.pathname).toBe("/tags/MODE");
  });
});
