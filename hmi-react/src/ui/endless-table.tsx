/** The table for rows without end, newest first: the next ones are fetched when the last ones come in sight. */
import { useCallback, useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Loaded, Problem } from "./page";
import type { Column } from "./table-columns";
import { TableGrid } from "./table-grid";
import { TableTools } from "./table-tools";
import { useColumns } from "./use-columns";

const AHEAD = 30;

/** What is used of an infinite query. */
export interface Endless<T> {
  data: { pages: { items: readonly T[] }[] } | undefined;
  isPending: boolean;
  error: unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage(): unknown;
  refetch(): unknown;
}

interface Props<T> {
  name: string;
  label: string;
  columns: readonly Column<T>[];
  query: Endless<T>;
  rowKey: (row: T) => string;
  onOpen?: (row: T) => void;
  selected?: string | undefined;
  tools?: ReactNode;
  files?: ReactNode;
  empty?: ReactNode;
}

const nothing = (): void => undefined;

export function EndlessTable<T extends object>({ name, label, columns, query, rowKey, onOpen, selected, tools, files, empty }: Props<T>) {
  const { t } = useTranslation();
  const { visibility, toggle } = useColumns(name, columns);
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  // The runtime decides the order, newest first: sorting what happens to be here would mislead.
  const shown = useMemo(() => columns.filter((column) => visibility[column.id]).map((column) => ({ ...column, unsortable: true })), [columns, visibility]);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const onSight = useCallback(
    (_first: number, last: number) => {
      if (last >= rows.length - AHEAD && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) fetchNextPage();
    },
    [rows.length, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage],
  );
  const first = { ...query, error: rows.length === 0 ? query.error : null };
  return (
    <div className="table-frame">
      <TableTools columns={columns} visibility={visibility} toggle={toggle} count={rows.length} more={hasNextPage} files={files}>
        {tools}
      </TableTools>
      <Loaded query={first} height={400}>
        {Boolean(query.error) && <Problem error={query.error} retry={() => void (isFetchNextPageError ? fetchNextPage() : query.refetch())} />}
        <TableGrid
          label={label}
          shown={shown}
          count={rows.length}
          rowAt={(index) => {
            const row = rows[index];
            return { key: row ? rowKey(row) : `#${index}`, row };
          }}
          sort={null}
          onSort={nothing}
          onOpen={onOpen}
          selected={selected}
          empty={empty}
          onSight={onSight}
        />
        {isFetchingNextPage && (
          <span className="muted" role="status">
            {t("table.fetching")}
          </span>
        )}
      </Loaded>
    </div>
  );
}
