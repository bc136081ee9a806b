import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import { fakeApi, showPage, signIn } from "@/testing/fake-api";
import { ProjectApply } from "./project-apply";

const files = { "tags.toml": "[[tag]]" };
const line = { action: "conflict", kind: "tag", name: "A", fields: { unit: ["m", "mm"] }, touches: ["history of A"] };
const apply = (): HTMLButtonElement => screen.getByText<HTMLElement>("Apply").closest("button") as HTMLButtonElement;

afterEach(() => vi.unstubAllGlobals());

describe("files of a project", () => {
  it("with mistakes are not planned, and every mistake is told with its place", async () => {
    signIn();
    const mistakes = [{ subject: "tag A", field: "unit", message: "unknown unit", place: "tags.toml:3", suggestion: "bar" }];
    const asked = fakeApi({ "POST /api/project/validate": { mistakes, objects: {} } });
    showPage(<ProjectApply files={files} onApplied={vi.fn()} />, "/project", "/project");

    expect(await screen.findByText("! 1 mistake: nothing can be planned")).toBeDefined();
    expect(asked.map((call) => call.path)).toEqual(["/api/project/validate"]);
  });

  it("overwrite edits only when a person has agreed", async () => {
    signIn();
    const onApplied = vi.fn();
    const asked = fakeApi({
      "POST /api/project/validate": { mistakes: [], objects: { tag: 1 } },
      "POST /api/project/plan": { lines: [line], restart: [], conflicts: 1 },
      "POST /api/project/apply": { added: [], changed: [{ kind: "tag", name: "A" }], removed: [], restart: ["link plc: at the next start"] },
    });
    showPage(<ProjectApply files={files} onApplied={onApplied} />, "/project", "/project");
    await screen.findByText("! 1 conflict");
    expect(apply().disabled).toBe(true);

    fireEvent.click(screen.getByLabelText("Overwrite edits that were not exported"));
    fireEvent.click(apply());
    fireEvent.click(screen.getByText("Apply?"));

    await waitFor(() => expect(onApplied).toHaveBeenCalled());
    expect(asked.at(-1)).toMatchObject({ path: "/api/project/apply", body: { files, overwrite: true } });
    expect(await screen.findByText("0 added, 1 changed, 0 removed.")).toBeDefined();
    expect(screen.getByText("link plc: at the next start")).toBeDefined();
  });
});
