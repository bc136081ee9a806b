/** Which pages of a long list must be here so that the rows in sight can be drawn. */

export const PAGE = 100;

/** The numbers of the pages that hold the rows from first to last. */
export function pagesFor(first: number, last: number, size = PAGE): number[] {
  const from = Math.floor(Math.max(0, first) / size);
  const to = Math.floor(Math.max(0, last) / size);
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}
