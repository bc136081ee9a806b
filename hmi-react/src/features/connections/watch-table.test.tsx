import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import { fakeApi, showPage, signIn, type Asked } from "@/testing/fake-api";
import { WatchTable } from "./watch-table";
import { addressesIn, MOST, withMore } from "./watched";

const good = { value: 42, quality: 0, severity: "GOOD", reason: "", source_time: null, error: "" };
const bad = { ...good, value: null, quality: 0x80890000, severity: "BAD", reason: "configuration error", error: "no such address" };
const NODE = "ns=2;s=Tank 1";

const addressesOf = (call: Asked): string[] => (call.body as { addresses: string[] }).addresses;

function show(): Asked[] {
  signIn();
  const asked = fakeApi({ "POST /api/links/plc/read": (call: Asked) => ({ items: addressesOf(call).map((address) => ({ ...(address === "x" ? bad : good), address })) }) });
  showPage(<WatchTable link="plc" />, "/connections", "/connections");
  return asked;
}

function watch(address: string): void {
  fireEvent.change(screen.getByLabelText(/Address/), { target: { value: address } });
  fireEvent.click(screen.getByRole("button", { name: "Watch" }));
}

const seconds = (count: number): Promise<void> =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(count * 1000);
  });

type Sight = (entries: { isIntersecting: boolean }[]) => void;

/** Stands in for the browser's; gives what tells it who is in sight. */
function fakeSight(): { tell: Sight } {
  const sight: { tell: Sight } = { tell: vi.fn() };
  class Observer {
    constructor(callback: Sight) {
      sight.tell = callback;
    }
    observe(): void {}
    disconnect(): void {}
  }
  vi.stubGlobal("IntersectionObserver", Observer);
  return sight;
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  localStorage.clear();
});

describe("watched addresses", () => {
  it("are read each second, kept, and tell what is wrong with one", async () => {
    const asked = show();
    watch(NODE);
    watch("x");
    await seconds(0.1);

    expect(screen.getByText("42")).toBeDefined();
    expect(screen.getByText("no such address")).toBeDefined();
    expect(screen.getByRole("img", { name: "Bad: configuration error" })).toBeDefined();
    expect(JSON.parse(localStorage.getItem("watch:plc") ?? "")).toEqual([NODE, "x"]);
    const before = asked.length;
    await seconds(3);
    expect(asked.length - before).toBe(3);
    expect(addressesOf(asked.at(-1)!)).toEqual([NODE, "x"]);
  });

  it("are not read while paused, or folded away", async () => {
    const asked = show();
    watch(NODE);
    await seconds(0.1);
    fireEvent.click(screen.getByRole("button", { name: "Pause" }));
    const before = asked.length;
    await seconds(3);
    expect(asked).toHaveLength(before);
    expect(screen.getByText("42")).toBeDefined();

    fireEvent.click(screen.getByRole("button", { name: "Resume" }));
    await seconds(1);
    expect(asked.length).toBeGreaterThan(before);

    fireEvent.click(screen.getByText("Watch addresses"));
    await seconds(0.1);
    const folded = asked.length;
    await seconds(3);
    expect(asked).toHaveLength(folded);
  });

  it("are not read while they are scrolled out of sight", async () => {
    const sight = fakeSight();
    const asked = show();
    watch(NODE);
    await seconds(1.1);
    const before = asked.length;
    expect(before).toBeGreaterThan(0);

    act(() => sight.tell([{ isIntersecting: false }]));
    await seconds(3);

    expect(asked).toHaveLength(before);
  });

  it("come one a line, whatever is in them, none twice and no more than are read at once", () => {
    expect(addressesIn(" ns=2;s=Tank 1\r\nholding:1\n\n")).toEqual(["ns=2;s=Tank 1", "holding:1"]);
    expect(withMore(["a"], ["b", "a"])).toEqual(["a", "b"]);
    expect(withMore([], Array.from({ length: 40 }, (_, i) => `holding:${i}`))).toHaveLength(MOST);
  });
});
