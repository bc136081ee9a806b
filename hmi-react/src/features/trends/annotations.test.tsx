import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import { aTag } from "@/testing/samples";
import { fakeApi, showPage, signIn, type Asked } from "@/testing/fake-api";
import type { ChartProps } from "@/ui/trend-chart";
import TrendsPage from "./trends-page";

const chart = vi.hoisted(() => ({ props: null as ChartProps | null }));
vi.mock("@/ui/trend", () => ({
  usePens: () => [],
  Trend: (props: ChartProps) => {
    chart.props = props;
    return <i data-testid="chart">{props.overlay?.openNote ?? "none"}</i>;
  },
}));
// What is tried here needs neither, and looking for roles among all their parts takes long.
vi.mock("./trend-tools", () => ({ TrendTools: () => null }));
vi.mock("./pen-table", () => ({ PenTable: () => null }));

const START = 1_700_000_000;
const NOTE = { id: 7, time: START + 10, end: START + 20, tags: ["A"], text: "filter changed", author: "anna", created: START, changed: null, changed_by: "" };
const PERIOD = `from=${new Date(START * 1000).toISOString()}&to=${new Date((START + 600) * 1000).toISOString()}`;

function show(role: "viewer" | "operator", words = ""): Asked[] {
  signIn(role);
  const asked = fakeApi({
    "GET /api/history/annotations": { items: [NOTE] },
    "POST /api/history/annotations": ({ body }: Asked) => ({ ...NOTE, ...(body as object), id: 8 }),
    "PUT /api/history/annotations/7": ({ body }: Asked) => ({ ...NOTE, ...(body as object) }),
    "DELETE /api/history/annotations/7": NOTE,
    "GET /api/alarms": { items: [] },
    "GET /api/alarms/occurrences": { items: [], next: null },
    "GET /api/tags": { items: [], total: 0 },
    "POST /api/tags/descriptions": { items: [aTag({ name: "A" }), aTag({ name: "B" })] },
  });
  showPage(<TrendsPage />, "/trends", `/trends?pens=A,B&${PERIOD}${words}`);
  return asked;
}

const sent = (asked: Asked[], method: string) => asked.filter((one) => one.method === method && one.path.startsWith("/api/history/annotations")).map(({ path, body }) => [path, body]);
const write = async (value: string): Promise<void> => {
  fireEvent.change(await screen.findByLabelText(/^Text/), { target: { value } });
};
const row = () => screen.findByRole("button", { name: /filter changed/ });

describe("annotations of a trend", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("are asked for with the pens and the span, drawn, and listed with their number, time, tags and author", async () => {
    const asked = show("viewer");
    expect((await row()).textContent).toBe("12023-11-14 22:13:30 – 22:13:40filter changedA · anna");
    const query = asked.find((one) => one.path === "/api/history/annotations")?.query;
    expect([query?.get("tags"), query?.get("start"), query?.get("end")]).toEqual(["A,B", String(START), String(START + 600)]);
    expect(chart.props?.overlay?.notes).toEqual([{ id: 7, number: 1, start: START + 10, end: START + 20, text: "filter changed" }]);
  });

  it("are shown in the chart while their row has the keyboard", async () => {
    show("viewer");
    (await row()).focus();
    await waitFor(() => expect(screen.getByTestId("chart").textContent).toBe("7"));
    (await row()).blur();
    await waitFor(() => expect(screen.getByTestId("chart").textContent).toBe("none"));
  });

  it("are not made, corrected or removed by who may only look", async () => {
    show("viewer");
    await row();
    expect(screen.queryByRole("button", { name: /Annotate|Correct|Remove annotation/ })).toBeNull();
  });

  it("are made where the chart is clicked, and need a text", async () => {
    const asked = show("operator");
    const user = userEvent.setup({ delay: null });
    expect(chart.props?.onPick ?? null).toBeNull();
    await user.click(await screen.findByRole("button", { name: "Annotate" }));
    await waitFor(() => expect(chart.props?.onPick).toBeTruthy());
    chart.props?.onPick?.({ start: START + 100, end: START + 100 });
    expect((await screen.findByRole<HTMLButtonElement>("button", { name: "Save" })).disabled).toBe(true);
    await write(" probe tapped ");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent(asked, "POST")).toEqual([["/api/history/annotations", { time: START + 100, end: null, tags: ["A", "B"], text: "probe tapped" }]]);
    expect(asked.filter((one) => one.path === "/api/history/annotations" && one.method === "GET")).toHaveLength(2);
  });

  it("are made of the period shown, without a mouse", async () => {
    const asked = show("operator");
    const user = userEvent.setup({ delay: null });
    await user.click(await screen.findByRole("button", { name: "Annotate" }));
    await user.click(screen.getByRole("button", { name: "The period shown" }));
    await write("calm");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent(asked, "POST")).toHaveLength(1));
    expect(sent(asked, "POST")[0]?.[1]).toMatchObject({ time: START, end: START + 600 });
  });

  it("are corrected and removed, which is asked first", async () => {
    const asked = show("operator");
    const user = userEvent.setup({ delay: null });
    await user.click(await screen.findByRole("button", { name: "Correct annotation 1" }));
    await write("pump changed");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent(asked, "PUT")).toEqual([["/api/history/annotations/7", { time: START + 10, end: START + 20, tags: ["A"], text: "pump changed" }]]);

    await user.click(screen.getByRole("button", { name: "Remove annotation 1" }));
    await user.click(await screen.findByRole("button", { name: "Remove" }));
    await waitFor(() => expect(sent(asked, "DELETE")).toHaveLength(1));
  });

  it("are hidden if the address says so", async () => {
    const asked = show("operator", "&notes=0");
    await screen.findByTestId("chart");
    expect(asked.some((one) => one.path === "/api/history/annotations")).toBe(false);
    expect(screen.queryByRole("button", { name: "Annotate" })).toBeNull();
  });
});
