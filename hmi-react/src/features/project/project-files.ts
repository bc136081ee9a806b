/** The files of a project as they are chosen in the browser: text by path within the folder. */
import type { Files } from "@/api/configuration";

type Chosen = Pick<File, "name" | "webkitRelativePath" | "text">;

/** Where a chosen file lies in its folder; null for what is no part of a project. */
export function pathOf(file: Omit<Chosen, "text">): string | null {
  const [, ...inner] = file.webkitRelativePath.split("/");
  const path = inner.length > 0 ? inner.join("/") : file.name;
  if (path.split("/").some((part) => part.startsWith("."))) return null;
  return path.endsWith(".toml") ? path : null;
}

const isFiles = (value: unknown): value is Files =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every((text) => typeof text === "string");

/** The files in a map that was exported before. Raises ``SyntaxError`` for anything else. */
export function filesOf(text: string): Files {
  const map = JSON.parse(text) as unknown;
  if (!isFiles(map)) throw new SyntaxError("a map from path to text is expected");
  return map;
}

/** The texts of what was chosen: a folder of TOML files, or one exported map. */
export async function readFiles(chosen: readonly Chosen[]): Promise<Files> {
  const [only] = chosen;
  if (chosen.length === 1 && only?.name.endsWith(".json")) return filesOf(await only.text());
  const named = chosen.flatMap((file) => {
    const path = pathOf(file);
    return path === null ? [] : [{ path, file }];
  });
  return Object.fromEntries(await Promise.all(named.map(async ({ path, file }) => [path, await file.text()] as const)));
}
