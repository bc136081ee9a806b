/** One word of the page's state in the address, such as a filter: linkable, and kept when the page is loaded again. */
import { useCallback } from "react";
import { useSearchParams } from "react-router";

/** The address's query, and a way to set or remove one of its words. */
export function useAddress(): [URLSearchParams, (name: string, value: string | null) => void] {
  const [search, setSearch] = useSearchParams();
  const set = useCallback(
    (name: string, value: string | null) =>
      setSearch(
        (now) => {
          if (value) now.set(name, value);
          else now.delete(name);
          return now;
        },
        { replace: true },
      ),
    [setSearch],
  );
  return [search, set];
}
