import { fireEvent, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import type { LinkView } from "@/api/types";
import { fakeApi, showPage, signIn } from "@/testing/fake-api";
import { LinkDetail } from "./link-detail";
import ConnectionsPage from "./connections-page";

const link: LinkView = {
  name: "plc",
  up: false,
  state: "refusing",
  since: 100,
  last_error: "the device answers every read with a failure",
  requests: 50,
  errors: 8,
  errors_by_kind: { timeout: 1, refused: 7 },
  reconnects: 2,
  latency_ms: 3,
  latency_p50_ms: 2.5,
  latency_p95_ms: 6,
  latency_p99_ms: 140,
  received: 0,
  dropped: 0,
  overruns: 3,
  endpoint: "127.0.0.1:502",
  guarded: true,
  kind: "modbus",
  tags: 16,
  owner: "project",
  edited: true,
  scans: [
    { name: "fast", period_s: 0.1, tags: 12, subscribed: false, received: 0, dropped: 0, overruns: 3, lateness_ms: 1, lateness_p99_ms: 20 },
    { name: "slow", period_s: 10, tags: 4, subscribed: true, received: 90, dropped: 1, overruns: 0, lateness_ms: 0, lateness_p99_ms: 0 },
  ],
};

afterEach(() => vi.unstubAllGlobals());

describe("connections", () => {
  it("tells of a link what its scans do and what went wrong, most often first", () => {
    signIn("viewer");
    showPage(<LinkDetail link={link} onNamed={vi.fn()} onClose={vi.fn()} />, "/connections", "/connections");

    expect(screen.getAllByText("REFUSING")).not.toHaveLength(0);
    expect(screen.getByText("half 2.5 ms, 95 % 6.0 ms, 99 % 140 ms")).toBeDefined();
    expect(screen.getByLabelText("fast").textContent).toContain("polled");
    expect(screen.getByLabelText("fast").textContent).toContain("100 ms");
    expect(screen.getByLabelText("slow").textContent).toContain("subscribed");
    const names = screen.getAllByRole("term").map((term) => term.textContent);
    expect(names.slice(names.indexOf("Errors"), names.indexOf("Errors") + 3)).toEqual(["Errors", "refused", "timeout"]);
  });

  it("opens the link that the address names and closes it again", async () => {
    signIn("viewer");
    fakeApi({ "GET /api/links": { items: [link] } });
    const router = showPage(<ConnectionsPage />, "/connections", "/connections?link=plc");

    fireEvent.click(await screen.findByLabelText("Close"));

    expect(router.state.location.search).toBe("");
    expect(screen.queryByText("Scan fast")).toBeNull();
  });
});
