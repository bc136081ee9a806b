import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import { fakeApi, Refusal, showPage, signIn } from "@/testing/fake-api";
import { anAlarm } from "@/testing/samples";
import { clearDisplay, setDisplay } from "@/ui/display";
import AnalyticsPage from "./analytics-page";
import { someAnalytics } from "@/testing/analytics-sample";

const alarms = { "GET /api/alarms": { items: [anAlarm()], counts: { unack: 0, active: 0, by_priority: {} } } };
const FROM = "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z";

const show = (address: string) => showPage(<AnalyticsPage />, "/alarm-performance", `/alarm-performance${address}`);

afterEach(() => {
  vi.unstubAllGlobals();
  clearDisplay();
});

describe("alarm performance", () => {
  it("judges each figure in words, beside its target and limit", async () => {
    signIn("viewer");
    fakeApi({ ...alarms, "GET /api/alarms/analytics": someAnalytics() });
    show("");

    const peak = await screen.findByRole("region", { name: "Peak in 10 min" });
    expect(peak.textContent).toContain("14");
    expect(peak.textContent).toContain("above limit");
    expect(screen.getByRole("region", { name: "Alarms per 10 min" }).textContent).toContain("on target");
    expect(screen.getByRole("region", { name: "Alarms per 10 min" }).textContent).toContain("Target ≤ 1, limit 2");
    expect(within(screen.getByRole("list", { name: "Rate" })).getByText("acceptable").closest("li")?.getAttribute("aria-current")).toBe("true");
  });

  it("leads from the top ten to the alarm and to its occurrences in the period", async () => {
    signIn("viewer");
    fakeApi({ ...alarms, "GET /api/alarms/analytics": someAnalytics() });
    show(`?${FROM}&area=station`);

    const top = within(await screen.findByRole("region", { name: "Top 10" }));
    expect(top.getByRole("link", { name: "P101A.FLT" }).getAttribute("href")).toBe("/alarms?show=all&alarm=P101A.FLT");
    const rows = new URL(top.getByRole("link", { name: "20, 50 %" }).getAttribute("href") ?? "", "http://x").searchParams;
    expect(Object.fromEntries(rows)).toEqual({ view: "occurrences", from: "2026-03-01T00:00:00Z", to: "2026-03-02T00:00:01Z", area: "station", alarm: "P101A.FLT" });
    expect(top.getByText("Together 75 %")).toBeDefined();
  });

  it("draws what came when, with the floods, and tells it in words", async () => {
    setDisplay({ zone: "UTC" });
    signIn("viewer");
    fakeApi({ ...alarms, "GET /api/alarms/analytics": someAnalytics() });
    show("");

    const chart = await screen.findByRole("img", { name: "40 alarms from 2026-03-01 00:00:00 to 2026-03-02 00:00:00, at most 14 in 10 min" });
    expect(within(chart).getByText("Flood of 15 alarms from 2026-03-01 01:00:00")).toBeDefined();
    expect(within(chart).getByText("2026-03-01 01:00:00: 14 alarms")).toBeDefined();
    const floods = within(screen.getByRole("region", { name: "Floods" }));
    expect(floods.getAllByRole("row")[1]?.textContent).toContain("11 min 40 s1514P101A.FLT");
  });

  it("asks for the period and the area of the address", async () => {
    signIn("viewer");
    const asked = fakeApi({ ...alarms, "GET /api/alarms/analytics": someAnalytics() });
    const router = show(`?${FROM}&area=station`);

    expect(await screen.findByText("40 alarms announced")).toBeDefined();
    const query = asked.find((one) => one.path === "/api/alarms/analytics")!.query;
    expect(Object.fromEntries(query)).toEqual({ start: String(Date.parse("2026-03-01T00:00:00Z") / 1000), end: String(Date.parse("2026-03-02T00:00:00Z") / 1000), area: "station" });
    fireEvent.click(screen.getByRole("radio", { name: "30 d" }));
    await waitFor(() => expect(router.state.location.search).toBe("?area=station&period=30d"));
  });

  it("shows the running 24 hours when it is live", async () => {
    signIn("viewer");
    const asked = fakeApi({ ...alarms, "GET /api/alarms/analytics": someAnalytics(), "GET /api/alarms/analytics/live": someAnalytics({ count: 41 }) });
    show("");

    fireEvent.click(await screen.findByRole("switch", { name: "Live" }));
    expect(await screen.findByText("41 alarms announced")).toBeDefined();
    expect(asked.map((one) => one.path)).toContain("/api/alarms/analytics/live");
    expect(screen.queryByRole("radio", { name: "30 d" })).toBeNull();
    expect(screen.getByText(/^Refreshed /)).toBeDefined();
  });

  it("explains a period without alarms, and one without records", async () => {
    signIn("viewer");
    const quiet = { count: 0, series: [], top: [], histogram_10_min: [], flood: { share: 0, floods: [] } };
    let covered = 86_400;
    fakeApi({ ...alarms, "GET /api/alarms/analytics": () => someAnalytics({ ...quiet, covered_s: covered }) });
    show("");

    expect(await screen.findByText("No alarm was announced in this period.")).toBeDefined();
    expect(screen.queryByRole("region", { name: "Top 10" })).toBeNull();
    covered = 0;
    fireEvent.click(screen.getByRole("radio", { name: "7 d" }));
    expect(await screen.findByText("There are no records of this period.")).toBeDefined();
  });

  it("says that less than a day of records tells little", async () => {
    signIn("viewer");
    fakeApi({ ...alarms, "GET /api/alarms/analytics": someAnalytics({ covered_s: 3600 }) });
    show("");

    expect(await screen.findByText(/A judgement needs 30 days/)).toBeDefined();
    expect(screen.getByText(/records of 1 h 0 min of it/)).toBeDefined();
  });

  it("says what went wrong and asks again", async () => {
    signIn("viewer");
    let fails = true;
    fakeApi({ ...alarms, "GET /api/alarms/analytics": () => (fails ? new Refusal(422, { code: "invalid_value", message: "The period is longer than 366 days." }) : someAnalytics()) });
    show("");

    expect((await screen.findByRole("alert")).textContent).toContain("366 days");
    fails = false;
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("40 alarms announced")).toBeDefined();
  });
});
