/** The one table: virtual rows of 32 px, sort, column choice, CSV. */
import { columnVisibilityFeature, createSortedRowModel, rowSortingFeature, tableFeatures, useTable, type ColumnDef } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { TableTools } from "./table-tools";
import { parseSort, sortText, type Column, type Sort } from "./table-columns";
import { useColumns } from "./use-columns";

const ROW = 32;
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
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const { visibility, toggle } = useColumns(name, columns);
  const sort = (fit ? null : parseSort(search.get("sort"))) ?? initialSort ?? null;
  const setSort = (id: string): void => {
    const next: Sort = { id, desc: sort?.id === id ? !sort.desc : false };
    setSearch(
      (now) => {
        now.set("sort", sortText(next));
        return now;
      },
      { replace: true },
    );
  };
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
  const scroll = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({ count: model.length, getScrollElement: () => scroll.current, estimateSize: () => ROW, overscan: 8 });
  const template = { gridTemplateColumns: shown.map((column) => column.width).join(" ") };
  const openByKey = (event: KeyboardEvent, row: T): void => {
    if (event.key !== "Enter" || event.target !== event.currentTarget) return;
    event.preventDefault();
    onOpen?.(row);
  };
  const items = fit ? model.map((_, index) => ({ index, start: index * ROW })) : virtualizer.getVirtualItems();
  const grid = (
    <div className={fit ? "table table-static" : "table"} ref={scroll} role="table" aria-label={label} aria-rowcount={model.length + 1}>
      <div className="table-inner" style={{ minWidth: "max-content" }}>
        <div className="table-head" role="row" style={template}>
          {shown.map((column) => (
            <div
              key={column.id}
              className="table-cell"
              role="columnheader"
              aria-sort={sort?.id === column.id ? (sort.desc ? "descending" : "ascending") : "none"}
            >
              {fit ? (
                <span className="table-th" data-align={column.align}>
                  {column.header}
                </span>
              ) : (
                <button type="button" className="plain-button table-th" data-align={column.align} onClick={() => setSort(column.id)}>
                  {column.header}
                  <span aria-hidden>{sort?.id === column.id ? (sort.desc ? "▾" : "▴") : ""}</span>
                </button>
              )}
            </div>
          ))}
        </div>
        <div className="table-rows" role="rowgroup" style={{ height: fit ? model.length * ROW : virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const row = model[item.index];
            if (row === undefined) return null;
            return (
              <div
                key={row.id}
                className="table-row"
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={selected === row.id}
                data-clickable={onOpen !== undefined}
                tabIndex={onOpen ? 0 : undefined}
                style={{ ...template, transform: `translateY(${item.start}px)` }}
                onClick={onOpen ? () => onOpen(row.original) : undefined}
                onKeyDown={onOpen ? (event) => openByKey(event, row.original) : undefined}
              >
                {shown.map((column) => (
                  <div key={column.id} className="table-cell" role="cell" data-align={column.align}>
                    {column.cell ? column.cell(row.original) : (column.value(row.original) ?? "")}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
        {model.length === 0 && (empty ?? <div className="empty">{t("common.nothing")}</div>)}
      </div>
    </div>
  );
  if (fit) return grid;
  return (
    <div className="table-frame">
      <TableTools name={name} columns={columns} visibility={visibility} toggle={toggle} rows={model.map((row) => row.original)} shown={shown}>
        {tools}
      </TableTools>
      {grid}
    </div>
  );
}
