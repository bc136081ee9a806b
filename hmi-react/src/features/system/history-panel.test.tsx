import { screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import { fakeApi, showPage, signIn } from "@/testing/fake-api";
import { HistoryPanel } from "./history-panel";

const EVER = { raw: null, "10s": null, "1m": null, "10m": null, "1h": null, "1d": null };

afterEach(() => vi.unstubAllGlobals());

describe("the panel of the history", () => {
  it("tells the days of each group, and where old samples go", async () => {
    signIn("viewer");
    const groups = [{ name: "lab", tags: ["LAB.*", "TEST"], days: { ...EVER, raw: 7, "10s": 1 } }];
    fakeApi({ "GET /api/history/keeping": { days: { ...EVER, raw: 90 }, groups, archive: true, plain: { days: 14, tags: ["TK*"] } } });
    showPage(<HistoryPanel />, "/system", "/system");

    expect(await screen.findByText("LAB.*, TEST")).toBeDefined();
    expect(screen.getAllByRole("row").map((row) => row.textContent)).toEqual(["TagsSamples10 s1 min10 min1 h1 day", "LAB.*, TEST7 days1 day∞∞∞∞", "all others90 days∞∞∞∞∞"]);
    expect(screen.getByText(/Older samples go to the archive.*Plain rows of 14 days: TK\*/)).toBeDefined();
  });
});
