/** Areas as paths, such as "station/pumps". */

/** These areas and those that they lie in, each once, in order. */
export function areasWithin(areas: readonly string[]): string[] {
  const all = areas.filter(Boolean).flatMap((area) => area.split("/").map((_, at, parts) => parts.slice(0, at + 1).join("/")));
  return [...new Set(all)].sort();
}
