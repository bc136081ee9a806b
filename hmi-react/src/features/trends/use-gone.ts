/** Which of the pens have neither a tag nor a record. */
import { useQueries } from "@tanstack/react-query";
import { hasRecord } from "@/api/history";
import { useMissing } from "@/live/directory";

/** A tag that was removed keeps its record, which is drawn; one that never had one could not be asked for. */
export function useGone(pens: readonly string[]): readonly string[] {
  const missing = useMissing(pens);
  const found = useQueries({
    queries: missing.map((tag) => ({ queryKey: ["has-record", tag], queryFn: () => hasRecord(tag), staleTime: 60_000 })),
    combine: (results) => results.map((one) => one.data ?? false).join(),
  });
  const has = found.split(",");
  return missing.filter((_, at) => has[at] !== "true");
}
