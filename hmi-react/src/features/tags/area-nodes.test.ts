import { describe, expect, it } from "vitest";
import { ancestorsOf, stepOf, visibleAreas } from "./area-nodes";

const area = (path: string, tags = 1, bad = 0) => ({ path, tags, bad });
const areas = [area("", 2), area("station", 5), area("station/supply", 3), area("station-2"), area("station/supply/P10"), area("station/supply/P9"), area("station/buffer")];
const labels = (open: string[]) => visibleAreas(areas, new Set(open)).map((node) => `${"  ".repeat(node.depth)}${node.label}`);

describe("area tree", () => {
  it("shows what is below an area only while it and all above it are open", () => {
    expect(labels([])).toEqual(["station", "station-2"]);
    expect(labels(["station"])).toEqual(["station", "  buffer", "  supply", "station-2"]);
    expect(labels(["station/supply"])).toEqual(["station", "station-2"]);
    expect(labels(["station", "station/supply"])).toEqual(["station", "  buffer", "  supply", "    P9", "    P10", "station-2"]);
  });

  it("knows what can be opened", () => {
    const nodes = visibleAreas(areas, new Set(["station"]));
    expect(nodes.map((node) => node.open)).toEqual([true, null, false, null]);
  });

  it("is walked with the arrow keys", () => {
    const nodes = visibleAreas(areas, new Set(["station"]));
    expect(stepOf("ArrowDown", nodes, "")).toEqual({ kind: "go", path: "station" });
    expect(stepOf("ArrowUp", nodes, "")).toBeNull();
    expect(stepOf("ArrowRight", nodes, "station/supply")).toEqual({ kind: "open", path: "station/supply" });
    expect(stepOf("ArrowRight", nodes, "station")).toEqual({ kind: "go", path: "station/buffer" });
    expect(stepOf("ArrowLeft", nodes, "station/supply")).toEqual({ kind: "go", path: "station" });
    expect(stepOf("ArrowLeft", nodes, "station")).toEqual({ kind: "close", path: "station" });
    expect(stepOf("End", nodes, "station")).toEqual({ kind: "go", path: "station-2" });
    expect(stepOf("a", nodes, "station")).toBeNull();
  });

  it("opens the way to an area", () => {
    expect(ancestorsOf("a/b/c")).toEqual(["a", "a/b"]);
    expect(ancestorsOf("a")).toEqual([]);
  });
});
