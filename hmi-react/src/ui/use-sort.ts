/** The sort order of a page's table, kept in the address. */
import { useCallback } from "react";
import { useSearchParams } from "react-router";
import { parseSort, sortText, type Sort } from "./table-columns";

/** The order, and what a click on a heading does: by that column, or the other way round. */
export function useSort(): [Sort | null, (id: string) => void] {
  const [search, setSearch] = useSearchParams();
  const setSort = useCallback(
    (id: string) =>
      setSearch(
        (now) => {
          const before = parseSort(now.get("sort"));
          now.set("sort", sortText({ id, desc: before?.id === id && !before.desc }));
          return now;
        },
        { replace: true },
      ),
    [setSearch],
  );
  return [parseSort(search.get("sort")), setSort];
}
