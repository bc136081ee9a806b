import { MantineProvider } from "@mantine/core";
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter, useLocation } from "react-router";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import type { MimicElement } from "@/api/types";
import { tagDirectory } from "@/live/directory";
import { connection, plantStore, tagStore } from "@/live/live";
import { anAlarm, anElement, aTag, NOT_CONNECTED, row } from "@/testing/samples";
import { Mimic } from "./mimic";
import { faceplateOf, tagsOf } from "./mimic-target";
import { SYMBOL_TYPES } from "./symbols";
import { arrowOf, pointsOf } from "./symbols/flow";

function Address() {
  return <output data-testid="address">{useLocation().search}</output>;
}

function show(elements: MimicElement[], onLink = vi.fn()) {
  tagDirectory.learn([aTag(), aTag({ name: "P101A.RUN", type: "bool", unit: "" })]);
  render(
    <MantineProvider>
      <MemoryRouter>
        <Mimic mimic={{ id: "m", title: "Station", width: 800, height: 600, elements }} onLink={onLink} />
        <Address />
      </MemoryRouter>
    </MantineProvider>,
  );
}

const samples = (...rows: Parameters<typeof tagStore.apply>[0]): void =>
  act(() => {
    tagStore.apply(rows);
    vi.runAllTimers();
  });

/** What the store has put off is done, so that it is not put off still when a test has timers of its own. */
const settled = (): Promise<void> => new Promise((done) => void setTimeout(() => requestAnimationFrame(() => done()), 25));

afterEach(async () => {
  plantStore.alarmsSnapshot([]);
  connection.closed();
  if (vi.isFakeTimers()) vi.runAllTimers();
  vi.useRealTimers();
  await settled();
});

describe("mimic", () => {
  it("draws every element type of the file format and shows an unknown one", () => {
    const all = [...SYMBOL_TYPES, "flux_capacitor"].map((type, index) => anElement({ id: `e${index}`, type, props: { points: [[0, 0], [5, 5]] }, bind: { value: "TK101.LT" } }));
    show(all);
    expect(screen.getByText("? flux_capacitor")).toBeDefined();
  });

  it("shows value, unit and that it is live, then bad with the reason, then stale", () => {
    vi.useFakeTimers();
    show([anElement({ type: "indicator", bind: { value: "TK101.LT" } })]);
    act(() => {
      connection.opened();
      connection.snapshotTaken();
    });
    samples(row("TK101.LT", 2.345));
    const widget = screen.getByTestId("tag-value-TK101.LT");
    expect(widget.textContent).toBe("2.35m");
    expect(widget.dataset).toMatchObject({ severity: "GOOD", live: "true" });

    samples(row("TK101.LT", 2.345, NOT_CONNECTED));
    expect(widget.dataset["severity"]).toBe("BAD");
    expect(screen.getByRole("img", { name: "Bad: not connected" })).toBeDefined();

    act(() => connection.closed());
    expect(widget.dataset["live"]).toBe("false");
    expect(screen.getByRole("img", { name: "Not live" })).toBeDefined();
  });

  it("says running and stopped in words beside the fill", () => {
    vi.useFakeTimers();
    show([anElement({ label: "P101A", bind: { running: "P101A.RUN" } })]);
    samples(row("P101A.RUN", true));
    expect(screen.getByText("running")).toBeDefined();
    samples(row("P101A.RUN", false));
    expect(screen.getByText("stopped")).toBeDefined();
    samples(row("P101A.RUN", true, NOT_CONNECTED));
    expect(screen.getByText("unknown")).toBeDefined();
  });

  it("opens the faceplate by click and by key", async () => {
    show([anElement({ label: "P101A", bind: { running: "P101A.RUN", fault: "P101A.FLT", machine: "pumps" } })]);
    await userEvent.click(screen.getByRole("button", { name: /P101A/ }));
    expect(screen.getByTestId("address").textContent).toBe("?faceplate=P101A.RUN&machine=pumps&with=P101A.FLT");
  });

  it("leads to another screen", async () => {
    const onLink = vi.fn();
    show([anElement({ type: "link", label: "Heater", props: { screen: "heater" } })], onLink);
    await userEvent.tab();
    await userEvent.keyboard("{Enter}");
    expect(onLink).toHaveBeenCalledWith("heater");
  });

  it("marks an element whose tag is in alarm with the worst priority", () => {
    show([anElement({ type: "tank", label: "TK101", bind: { level: "TK101.LT" } })]);
    act(() => plantStore.alarmsSnapshot([anAlarm({ name: "low", priority: 3 }), anAlarm({ name: "high", priority: 1 })]));
    expect(screen.getByRole("img", { name: "Priority 1, unacknowledged" })).toBeDefined();
  });
});

describe("bindings", () => {
  it("give the most telling tag first and the rest as related", () => {
    const element = anElement({ bind: { fault: "F", running: "R", command: "C", machine: "m" } });
    expect(tagsOf(element)).toEqual(["R", "F", "C"]);
    expect(faceplateOf(element)).toMatchObject({ tag: "R", machine: "m", related: ["F", "C"] });
    expect(faceplateOf(anElement({ type: "text" }))).toBeNull();
  });
});

describe("pipes", () => {
  it("take only points that are points, and carry the arrow on the longest leg", () => {
    const points = pointsOf([[0, 0], [10, 0], "x", [10, 50], [1]]);
    expect(points).toEqual([[0, 0], [10, 0], [10, 50]]);
    expect(arrowOf(points)).toEqual({ x: 10, y: 25, angle: 90 });
  });
});
