import { beforeEach, describe, expect, it, vi } from "vitest";
import { NOT_CONNECTED, row } from "@/testing/samples";
import { TagStore, type Transport } from "./tag-store";

class Steps {
  private waiting: (() => void)[] = [];
  readonly later = (callback: () => void): void => void this.waiting.push(callback);
  run(): void {
    for (const callback of this.waiting.splice(0)) callback();
  }
}

class FakeTransport implements Transport {
  log: string[] = [];
  subscribe(tags: string[]): void {
    this.log.push(`+${tags.join(",")}`);
  }
  unsubscribe(tags: string[]): void {
    this.log.push(`-${tags.join(",")}`);
  }
}

describe("tag store", () => {
  let frames: Steps;
  let settles: Steps;
  let store: TagStore;
  let wire: FakeTransport;

  beforeEach(() => {
    frames = new Steps();
    settles = new Steps();
    store = new TagStore(frames.later, settles.later);
    wire = new FakeTransport();
  });

  it("subscribes a tag once however many widgets show it, and ends with the last", () => {
    store.attach(wire);
    const leaveOne = store.subscribe("A", vi.fn());
    const leaveTwo = store.subscribe("A", vi.fn());
    settles.run();
    leaveOne();
    settles.run();
    expect(wire.log).toEqual(["+A"]);

    leaveTwo();
    settles.run();
    expect(wire.log).toEqual(["+A", "-A"]);
  });

  it("sends only the difference when one page gives way to another", () => {
    store.attach(wire);
    const leave = ["A", "B"].map((name) => store.subscribe(name, vi.fn()));
    settles.run();

    for (const one of leave) one();
    store.subscribe("B", vi.fn());
    store.subscribe("C", vi.fn());
    settles.run();

    expect(wire.log).toEqual(["+A,B", "-A", "+C"]);
  });

  it("asks for everything anew after a reconnect", () => {
    store.attach(wire);
    store.subscribe("A", vi.fn());
    settles.run();

    store.detach();
    store.subscribe("B", vi.fn());
    settles.run();
    store.attach(wire);

    expect(wire.log).toEqual(["+A", "+A,B"]);
  });

  it("asks anew for what is shown when tags have come or gone", () => {
    store.attach(wire);
    store.subscribe("A", vi.fn());
    settles.run();
    store.applySnapshot(["A"], []);

    store.resubscribe();
    store.applySnapshot(["A"], [row("A", 1)]);

    expect(wire.log).toEqual(["+A", "+A"]);
    expect(store.isUnknown("A")).toBe(false);
  });

  it("draws once per frame however many samples came, with the latest", () => {
    const drawn = vi.fn();
    store.subscribe("A", drawn);
    settles.run();
    store.apply([row("A", 1)]);
    store.apply([row("A", 2)]);
    store.apply([row("A", 3, NOT_CONNECTED)]);
    expect(drawn).not.toHaveBeenCalled();

    frames.run();

    expect(drawn).toHaveBeenCalledTimes(1);
    expect(store.get("A")).toMatchObject({ value: 3, quality: NOT_CONNECTED });
  });

  it("tells trends of every sample at once", () => {
    const seen: unknown[] = [];
    store.onSample((name, sample) => seen.push([name, sample.value]));
    store.subscribe("A", vi.fn());
    store.apply([row("A", 1, 0, 1)]);
    store.apply([row("A", 2, 0, 2)]);
    expect(seen).toEqual([
      ["A", 1],
      ["A", 2],
    ]);
  });

  it("draws only the widgets of tags that changed, and not for a repeated sample", () => {
    const [a, b] = [vi.fn(), vi.fn()];
    store.subscribe("A", a);
    store.subscribe("B", b);
    store.apply([row("A", 1), row("B", 1)]);
    frames.run();
    const before = store.get("A");

    store.apply([row("A", 1), row("B", 2)]);
    frames.run();

    expect(a).toHaveBeenCalledTimes(1);
    expect(b).toHaveBeenCalledTimes(2);
    expect(store.get("A")).toBe(before);
  });

  it("knows from the snapshot which tags do not exist", () => {
    const drawn = vi.fn();
    store.subscribe("NO.SUCH", drawn);
    store.applySnapshot(["A", "NO.SUCH"], [row("A", 1)]);
    frames.run();
    expect(store.isUnknown("NO.SUCH")).toBe(true);
    expect(store.isUnknown("A")).toBe(false);
    expect(drawn).toHaveBeenCalledTimes(1);
  });

  it("forgets the value of a tag that nobody shows, so that an old value never looks present", () => {
    const leave = store.subscribe("A", vi.fn());
    settles.run();
    store.apply([row("A", 1)]);
    leave();
    settles.run();
    expect(store.get("A")).toBeUndefined();
  });
});
