/** The table for rows that the runtime keeps: it sorts and filters, only the pages in sight are fetched. */
import { Skeleton } from "@mantine/core";
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState, type ReactNode } from "react";
import type { Page } from "@/api/types";
import { Problem } from "./page";
import { PAGE, pagesFor } from "./remote-pages";
import type { Column } from "./table-columns";
import { TableGrid } from "./table-grid";
import { TableTools } from "./table-tools";
import { useColumns } from "./use-columns";
import { useSort } from "./use-sort";

type Fetch<T> = (offset: number, limit: number, signal: AbortSignal) => Promise<Page<T>>;

interface Props<T> {
  name: string;
  label: string;
  columns: readonly Column<T>[];
  /** Names the list and its filters; rows of another key are another list. */
  queryKey: readonly unknown[];
  fetchPage: Fetch<T>;
  rowKey: (row: T) => string;
  onOpen?: (row: T) => void;
  selected?: string | undefined;
  tools?: ReactNode;
  files?: ReactNode;
  empty?: ReactNode;
  refreshMs?: number;
}

interface Rows<T> {
  total: number | undefined;
  at(index: number): T | undefined;
  error: unknown;
  retry(): void;
  onSight(first: number, last: number): void;
}

/** The rows of a long list, by number; fetched when they come in sight. */
function useRemoteRows<T>(queryKey: readonly unknown[], fetchPage: Fetch<T>, refreshMs: number | undefined): Rows<T> {
  const [sight, setSight] = useState<readonly [number, number]>([0, 0]);
  const onSight = useCallback((first: number, last: number) => setSight((now) => (now[0] === first && now[1] === last ? now : [first, last])), []);
  const options = (page: number) => ({
    queryKey: [...queryKey, page],
    queryFn: ({ signal }: { signal: AbortSignal }) => fetchPage(page * PAGE, PAGE, signal),
    refetchInterval: refreshMs ?? (false as const),
  });
  // The first page tells how many rows there are, and stays in sight of nobody while the next list is fetched.
  const head = useQuery({ ...options(0), placeholderData: keepPreviousData });
  const total = head.data?.total ?? head.data?.items.length;
  const wanted = pagesFor(Math.min(sight[0], total ?? 0), Math.min(sight[1], total ?? 0)).filter((page) => page > 0);
  const others = useQueries({ queries: wanted.map(options) });
  const pages = new Map<number, readonly T[]>([[0, head.data?.items ?? []]]);
  wanted.forEach((page, at) => pages.set(page, others[at]?.data?.items ?? []));
  const failed = [head, ...others].find((query) => query.error);
  return {
    total,
    at: (index) => pages.get(Math.floor(index / PAGE))?.[index % PAGE],
    error: failed?.error ?? null,
    retry: () => void failed?.refetch(),
    onSight,
  };
}

export function RemoteTable<T extends object>(props: Props<T>) {
  const { name, label, columns, queryKey, fetchPage, rowKey, onOpen, selected, tools, files, empty, refreshMs } = props;
  const { visibility, toggle } = useColumns(name, columns);
  const [sort, setSort] = useSort();
  const rows = useRemoteRows(queryKey, fetchPage, refreshMs);
  const shown = useMemo(() => columns.filter((column) => visibility[column.id]), [columns, visibility]);
  return (
    <div className="table-frame">
      <TableTools columns={columns} visibility={visibility} toggle={toggle} count={rows.total ?? 0} files={files}>
        {tools}
      </TableTools>
      {rows.error !== null && <Problem error={rows.error} retry={rows.retry} />}
      {rows.total === undefined ? (
        rows.error === null && <Skeleton height="100%" radius="xs" aria-busy="true" />
      ) : (
        <TableGrid
          label={label}
          shown={shown}
          count={rows.total}
          rowAt={(index) => {
            const row = rows.at(index);
            return { key: row ? rowKey(row) : `#${index}`, row };
          }}
          sort={sort}
          onSort={setSort}
          onOpen={onOpen}
          selected={selected}
          empty={empty}
          onSight={rows.onSight}
        />
      )}
    </div>
  );
}
