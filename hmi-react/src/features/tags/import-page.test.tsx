import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import type { BulkReport, BulkRow } from "@/api/tags";
import { fakeApi, showPage, signIn, type Asked } from "@/testing/fake-api";
import ImportPage from "./import-page";

const bad: BulkRow = { row: 3, name: "A2", action: "bad", mistakes: [{ subject: "tag A2", field: "unit", message: "unknown unit 'barr'", place: "row 3", suggestion: "bar" }], fields: {} };
const good: BulkRow = { row: 2, name: "A1", action: "add", mistakes: [], fields: { unit: [null, "m"] } };
const report = (over: Partial<BulkReport>): BulkReport => ({ total: 2, good: 1, bad: 1, applied: false, added: 1, changed: 0, rows: [good, bad], ...over });

const choose = async (name: string): Promise<void> => userEvent.upload(screen.getByLabelText("Choose a CSV or XLSX file", { selector: "input" }), new File(["x"], name));

afterEach(() => vi.unstubAllGlobals());

describe("bulk import", () => {
  it("looks first, and then takes the good rows only when asked twice", async () => {
    signIn();
    const asked = fakeApi({ "POST /api/tags/import": ({ query }: Asked) => report({ applied: query.get("dry_run") === "false" }) });
    showPage(<ImportPage />, "/tags/import", "/tags/import");
    await choose("tags.xlsx");

    expect(await screen.findByText("1 row with mistakes", { exact: false })).toBeDefined();
    expect(Object.fromEntries(asked[0]?.query ?? [])).toEqual({ format: "xlsx", dry_run: "true", good_rows: "false", mode: "upsert" });
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Apply all 1" }).disabled).toBe(true);

    await userEvent.click(screen.getByRole("button", { name: "Apply the 1 good rows only" }));
    expect(asked).toHaveLength(1);
    await userEvent.click(screen.getByRole("button", { name: "Confirm Apply the 1 good rows only" }));

    expect(await screen.findByText("Imported.")).toBeDefined();
    expect(Object.fromEntries(asked[1]?.query ?? [])).toMatchObject({ dry_run: "false", good_rows: "true" });
  });

  it("takes a table of alarms as a whole", async () => {
    signIn();
    const asked = fakeApi({ "POST /api/alarms/import": ({ query }: Asked) => report({ bad: 0, good: 1, total: 1, rows: [good], applied: query.get("dry_run") === "false" }) });
    showPage(<ImportPage />, "/tags/import", "/tags/import?kind=alarms&mode=create");
    await choose("alarms.csv");
    await userEvent.click(await screen.findByRole("button", { name: "Apply all 1" }));
    await userEvent.click(screen.getByRole("button", { name: "Confirm Apply all 1" }));

    await waitFor(() => expect(screen.getByText("Imported.")).toBeDefined());
    expect(asked.map((call) => call.query.get("mode"))).toEqual(["create", "create"]);
  });
});
