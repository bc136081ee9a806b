/** The table for rows that are all here: sort, column choice, CSV. */
import { Button } from "@mantine/core";
import { columnVisibilityFeature, createSortedRowModel, rowSortingFeature, tableFeatures, useTable, type ColumnDef } from "@tanstack/react-table";
import { useMemo, type ReactNode } from "react";
import { TableGrid } from "./table-grid";
import { TableTools } from "./table-tools";
import { csvFile, download, toCsv, type Column, type Sort } from "./table-columns";
import { useColumns } from "./use-columns";
import { useSort } from "./use-sort";

const features = tableFeatures({ rowSortingFeature, columnVisibilityFeature, sortedRowModel: createSortedRowModel() });

interface Props<T> {
  name: string;
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  onOpen?: (row: T) => void;
  selected?: string | undefined;
  initialSort?: Sort;
  empty?: ReactNode;
  /** As high as its rows, without tools: for small tables inside a panel. */
  fit?: boolean;
  tools?: ReactNode;
}

type Cellish = string | number | boolean | null | undefined;

/** Numbers by size, words by alphabet with numbers inside them in order, nothing last. */
export function compareValues(a: Cellish, b: Cellish): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const emptyA = a === null || a === undefined || a === "";
  const emptyB = b === null || b === undefined || b === "";
  if (emptyA || emptyB) return Number(emptyA) - Number(emptyB);
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}

export function DataTable<T extends object>(props: Props<T>) {
  const { name, label, columns, rows, rowKey, onOpen, selected, initialSort, empty, fit = false, tools } = props;
  const { visibility, toggle } = useColumns(name, columns);
  const [chosen, setSort] = useSort();
  const sort = (fit ? null : chosen) ?? initialSort ?? null;
  const definitions = useMemo(
    () =>
      columns.map(
        (column): ColumnDef<typeof features, T> => ({
          id: column.id,
          accessorFn: (row: T) => column.value(row),
          sortFn: (a, b, id) => compareValues(a.getValue<Cellish>(id), b.getValue<Cellish>(id)),
        }),
      ),
    [columns],
  );
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowKey,
    state: { sorting: sort ? [sort] : [], columnVisibility: visibility },
  });
  const model = table.getRowModel().rows;
  const shown = columns.filter((column) => visibility[column.id]);
  const grid = (
    <TableGrid
      label={label}
      shown={shown}
      count={model.length}
      rowAt={(index) => ({ key: model[index]?.id ?? String(index), row: model[index]?.original })}
      sort={sort}
      onSort={setSort}
      onOpen={onOpen}
      selected={selected}
      empty={empty}
      fit={fit}
    />
  );
  if (fit) return grid;
  const csv = (
    <Button size="xs" variant="default" onClick={() => download(`${name}.csv`, csvFile(toCsv(shown, model.map((row) => row.original))))}>
      CSV
    </Button>
  );
  return (
    <div className="table-frame">
      <TableTools columns={columns} visibility={visibility} toggle={toggle} count={model.length} files={csv}>
        {tools}
      </TableTools>
      {grid}
    </div>
  );
}
