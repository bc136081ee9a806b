/** The drawing of every table: heading, virtual rows of 32 px, keyboard. It is told its rows by number. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Column, Sort } from "./table-columns";

export const ROW = 32;

export interface GridRow<T> {
  key: string;
  /** Undefined while it is fetched. */
  row: T | undefined;
  /** In place of a row: what the rows below it have in common. */
  heading?: ReactNode;
}

interface Props<T> {
  label: string;
  shown: readonly Column<T>[];
  count: number;
  rowAt(index: number): GridRow<T>;
  sort: Sort | null;
  onSort(id: string): void;
  onOpen?: ((row: T) => void) | undefined;
  /** A key that was pressed on a row; true if it was meant for the caller. */
  onRowKey?: (event: KeyboardEvent, index: number) => boolean;
  /** Keys of the rows that are marked, such as for a command on all of them. */
  marked?: ReadonlySet<string>;
  selected?: string | undefined;
  empty?: ReactNode;
  /** As high as its rows: for small tables inside a panel. */
  fit?: boolean;
  /** Told which rows are in sight. */
  onSight?: (first: number, last: number) => void;
}

interface HeadProps<T> {
  column: Column<T>;
  sort: Sort | null;
  plain: boolean;
  onSort(id: string): void;
}

function Head<T>({ column, sort, plain, onSort }: HeadProps<T>) {
  const direction = sort?.id === column.id ? (sort.desc ? "descending" : "ascending") : "none";
  return (
    <div className="table-cell" role="columnheader" aria-sort={direction}>
      {plain || column.unsortable ? (
        <span className="table-th" data-align={column.align}>
          {column.head ?? column.header}
        </span>
      ) : (
        <button type="button" className="plain-button table-th" data-align={column.align} onClick={() => onSort(column.id)}>
          {column.header}
          <span aria-hidden>{direction === "descending" ? "▾" : direction === "ascending" ? "▴" : ""}</span>
        </button>
      )}
    </div>
  );
}

/** Go to the next row with the arrow keys; headings between rows are passed over. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const down = event.key === "ArrowDown";
  if (!down && event.key !== "ArrowUp") return;
  const beside = (row: Element | null): Element | null => (down ? row?.nextElementSibling : row?.previousElementSibling) ?? null;
  let row = beside(event.currentTarget);
  while (row && !row.hasAttribute("tabindex")) row = beside(row);
  if (!(row instanceof HTMLElement)) return;
  event.preventDefault();
  row.focus();
}

export function TableGrid<T extends object>(props: Props<T>) {
  const { label, shown, count, rowAt, sort, onSort, onOpen, onRowKey, marked, selected, empty, fit = false, onSight } = props;
  const { t } = useTranslation();
  const scroll = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({ count, getScrollElement: () => scroll.current, estimateSize: () => ROW, overscan: 8 });
  const template = { gridTemplateColumns: shown.map((column) => column.width).join(" ") };
  const pressed = (event: KeyboardEvent<HTMLElement>, row: T, index: number): void => {
    if (event.target !== event.currentTarget) return;
    if (onRowKey?.(event, index)) event.preventDefault();
    if (event.key !== "Enter") return walk(event);
    event.preventDefault();
    onOpen?.(row);
  };
  const items = fit ? Array.from({ length: count }, (_, index) => ({ index, start: index * ROW })) : virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => onSight?.(first, last), [onSight, first, last]);
  return (
    <div className={fit ? "table table-static" : "table"} ref={scroll} role="table" aria-label={label} aria-rowcount={count + 1}>
      <div className="table-inner" style={{ minWidth: "max-content" }}>
        <div className="table-head" role="row" style={template}>
          {shown.map((column) => (
            <Head key={column.id} column={column} sort={sort} plain={fit} onSort={onSort} />
          ))}
        </div>
        <div className="table-rows" role="rowgroup" style={{ height: fit ? count * ROW : virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const { key, row, heading } = rowAt(item.index);
            if (heading !== undefined) {
              return (
                <div key={key} className="table-row table-group" role="row" aria-rowindex={item.index + 2} style={{ transform: `translateY(${item.start}px)` }}>
                  <div className="table-cell" role="cell" aria-colspan={shown.length}>
                    {heading}
                  </div>
                </div>
              );
            }
            return (
              <div
                key={key}
                className="table-row"
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={selected === key}
                aria-busy={row === undefined || undefined}
                data-clickable={onOpen !== undefined}
                data-marked={marked?.has(key) || undefined}
                tabIndex={onOpen ? 0 : undefined}
                style={{ ...template, transform: `translateY(${item.start}px)` }}
                onClick={onOpen && row ? () => onOpen(row) : undefined}
                onKeyDown={onOpen && row ? (event) => pressed(event, row, item.index) : undefined}
              >
                {shown.map((column) => (
                  <div key={column.id} className="table-cell" role="cell" data-align={column.align}>
                    {row && (column.cell ? column.cell(row) : (column.value(row) ?? ""))}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
        {count === 0 && (empty ?? <div className="empty">{t("common.nothing")}</div>)}
      </div>
    </div>
  );
}
