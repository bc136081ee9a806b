import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import { fakeApi, showPage, signIn } from "@/testing/fake-api";
import { BackupsPanel } from "./backups-panel";

const status = { progress: null, by: "", error: "", last: 1_800_000_000, next: null };
const item = { name: "plant.20270115T080000Z", site: "plant", made: 1_800_000_000, version: "1.0", bytes: 3 * 2 ** 20, files: 9 };
const told = { items: [item], status, folder: "/var/backups", keep: 7 };

afterEach(() => vi.unstubAllGlobals());

describe("the panel of backups", () => {
  it("tells what is there and makes one by hand", async () => {
    signIn("admin");
    const asked = fakeApi({ "GET /api/backups": told, "POST /api/backups": { ...status, progress: 0, by: "ada" } });
    showPage(<BackupsPanel />, "/system", "/system");

    expect(await screen.findByText("plant.20270115T080000Z")).toBeDefined();
    expect(screen.getByText("3.0 MiB")).toBeDefined();
    fireEvent.click(screen.getByText("Back up now"));

    await waitFor(() => expect(asked.some((one) => one.method === "POST")).toBe(true));
  });

  it("says why the last one failed", async () => {
    signIn("admin");
    fakeApi({ "GET /api/backups": { ...told, status: { ...status, error: "the disk is full" } } });
    showPage(<BackupsPanel />, "/system", "/system");

    expect(await screen.findByText("! The last one failed: the disk is full")).toBeDefined();
  });

  it("removes one only after it has asked", async () => {
    signIn("admin");
    const asked = fakeApi({ "GET /api/backups": told, "DELETE /api/backups/plant.20270115T080000Z": { removed: item.name } });
    showPage(<BackupsPanel />, "/system", "/system");

    fireEvent.click(await screen.findByText("Remove"));
    expect(asked.some((one) => one.method === "DELETE")).toBe(false);
    fireEvent.click(screen.getByText("Remove?"));

    await waitFor(() => expect(asked.some((one) => one.method === "DELETE")).toBe(true));
  });

  it("is not shown to others than administrators", () => {
    signIn("engineer");
    const asked = fakeApi({ "GET /api/backups": told });
    showPage(<BackupsPanel />, "/system", "/system");

    expect(screen.queryByText("Backups")).toBeNull();
    expect(asked).toEqual([]);
  });
});
