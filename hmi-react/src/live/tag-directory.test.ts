import { beforeEach, describe, expect, it, vi } from "vitest";
import type { TagView } from "@/api/types";
import { aTag } from "@/testing/samples";
import { sameDescription, TagDirectory } from "./tag-directory";

class Steps {
  private waiting: (() => void)[] = [];
  readonly later = (callback: () => void): void => void this.waiting.push(callback);
  async run(): Promise<void> {
    for (const callback of this.waiting.splice(0)) callback();
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
}

describe("tag directory", () => {
  let frames: Steps;
  let retries: Steps;
  let plant: Map<string, TagView>;
  let asked: string[][];
  let broken: boolean;
  let directory: TagDirectory;

  beforeEach(() => {
    frames = new Steps();
    retries = new Steps();
    plant = new Map(["A", "B", "C"].map((name) => [name, aTag({ name })]));
    asked = [];
    broken = false;
    const load = (names: readonly string[]): Promise<TagView[]> => {
      asked.push([...names]);
      if (broken) return Promise.reject(new Error("no answer"));
      return Promise.resolve(names.flatMap((name) => plant.get(name) ?? []));
    };
    directory = new TagDirectory(load, frames.later, retries.later);
  });

  it("asks once per frame for everything that came to be shown", async () => {
    const heard = vi.fn();
    directory.subscribe("A", heard);
    directory.subscribe("A", vi.fn());
    directory.subscribe("B", vi.fn());

    await frames.run();

    expect(asked).toEqual([["A", "B"]]);
    expect(directory.get("A")?.name).toBe("A");
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("asks in batches when very many are shown", async () => {
    for (let i = 0; i < 700; i += 1) directory.subscribe(`T${i}`, vi.fn());
    await frames.run();
    await frames.run();
    directory.refresh();
    await frames.run();
    await frames.run();
    expect(asked.map((names) => names.length)).toEqual([500, 200, 500, 200]);
  });

  it("knows which tags do not exist, and asks for them again only when the plant has changed", async () => {
    const heard = vi.fn();
    directory.subscribe("NEW", heard);
    await frames.run();
    expect(directory.isMissing("NEW")).toBe(true);
    expect(heard).toHaveBeenCalledTimes(1);

    plant.set("NEW", aTag({ name: "NEW" }));
    directory.refresh();
    await frames.run();

    expect(directory.isMissing("NEW")).toBe(false);
    expect(directory.get("NEW")).toBeDefined();
  });

  it("does not ask for what a list has told already", async () => {
    directory.learn([aTag({ name: "A" })]);
    directory.subscribe("A", vi.fn());
    await frames.run();
    expect(asked).toEqual([]);
  });

  it("draws nothing anew if only samples differ after a change elsewhere", async () => {
    const heard = vi.fn();
    directory.subscribe("A", heard);
    await frames.run();
    const before = directory.get("A");

    plant.set("A", aTag({ name: "A", value: 99 }));
    directory.refresh();
    await frames.run();

    expect(directory.get("A")).toBe(before);
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("shows the new description after a change, and forgets what nobody shows", async () => {
    const leave = directory.subscribe("B", vi.fn());
    directory.subscribe("A", vi.fn());
    await frames.run();
    leave();

    plant.set("A", aTag({ name: "A", unit: "mm" }));
    directory.refresh();
    await frames.run();

    expect(directory.get("A")?.unit).toBe("mm");
    expect(directory.get("B")).toBeUndefined();
  });

  it("asks again when the runtime did not answer", async () => {
    broken = true;
    directory.subscribe("A", vi.fn());
    await frames.run();
    expect(directory.get("A")).toBeUndefined();

    broken = false;
    await retries.run();
    await frames.run();

    expect(directory.get("A")).toBeDefined();
  });

  it("takes samples for no part of a description", () => {
    expect(sameDescription(aTag(), aTag({ value: 3, quality: 1, source_time: 9 }))).toBe(true);
    expect(sameDescription(aTag(), aTag({ states: { "1": "Open" } }))).toBe(false);
  });
});
