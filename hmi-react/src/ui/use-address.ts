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

/** The same for several words at once; those that are not named stay as they are. */
export function useAddressWords(): [URLSearchParams, (words: Record<string, string | null>) => void] {
  const [search, setSearch] = useSearchParams();
  const set = useCallback(
    (words: Record<string, string | null>) =>
      setSearch(
        (now) => {
          for (const [name, value] of Object.entries(words)) {
            if (value) now.set(name, value);
            else now.delete(name);
          }
          return now;
        },
        { replace: true },
      ),
    [setSearch],
  );
  return [search, set];
}
