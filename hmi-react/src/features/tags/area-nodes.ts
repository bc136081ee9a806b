/** The tree of areas as lines: which are in sight, and what the arrow keys do. */
import type { AreaCount } from "@/api/tags";

export interface AreaNode extends AreaCount {
  label: string;
  depth: number;
  /** Null if there is nothing below. */
  open: boolean | null;
}

export const parentOf = (path: string): string => path.split("/").slice(0, -1).join("/");

/** All areas above one, from the top. */
export function ancestorsOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(0, -1).map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** Areas in sight: those whose ancestors are all open, in the order of their paths. */
export function visibleAreas(areas: readonly AreaCount[], open: ReadonlySet<string>): AreaNode[] {
  const named = areas.filter((area) => area.path !== "");
  const parents = new Set(named.map((area) => parentOf(area.path)));
  return named
    .filter((area) => ancestorsOf(area.path).every((above) => open.has(above)))
    .sort((a, b) => comparePaths(a.path, b.path))
    .map((area) => ({
      ...area,
      label: area.path.split("/").at(-1) ?? area.path,
      depth: ancestorsOf(area.path).length,
      open: parents.has(area.path) ? open.has(area.path) : null,
    }));
}

/** By part, so that what is below an area follows it at once. */
function comparePaths(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const order = (left[at] ?? "").localeCompare(right[at] ?? "", undefined, { numeric: true });
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

export type TreeStep = { kind: "go"; path: string } | { kind: "open"; path: string } | { kind: "close"; path: string };

const go = (path: string | undefined): TreeStep | null => (path === undefined ? null : { kind: "go", path });

/** What a key does at an area: the way that a tree has everywhere. The path of all areas together is empty. */
export function stepOf(key: string, nodes: readonly AreaNode[], at: string): TreeStep | null {
  const paths = ["", ...nodes.map((node) => node.path)];
  const index = paths.indexOf(at);
  const node = nodes.find((one) => one.path === at);
  if (key === "ArrowDown") return go(paths[index + 1]);
  if (key === "ArrowUp") return go(paths[index - 1]);
  if (key === "Home") return go(paths[0]);
  if (key === "End") return go(paths.at(-1));
  if (key === "ArrowRight" && node?.open === false) return { kind: "open", path: at };
  if (key === "ArrowRight" && node?.open) return go(paths[index + 1]);
  if (key === "ArrowLeft" && node?.open) return { kind: "close", path: at };
  if (key === "ArrowLeft" && node) return go(parentOf(at));
  return null;
}
