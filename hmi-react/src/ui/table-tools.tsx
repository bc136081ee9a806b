/** The line above a table: its filters, how many rows, which columns, CSV. */
import { Button, Checkbox, Menu } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { download, toCsv, type Column } from "./table-columns";

interface Props<T> {
  name: string;
  columns: readonly Column<T>[];
  shown: readonly Column<T>[];
  visibility: Record<string, boolean>;
  toggle(id: string): void;
  rows: readonly T[];
  children?: ReactNode;
}

export function TableTools<T>({ name, columns, shown, visibility, toggle, rows, children }: Props<T>) {
  const { t } = useTranslation();
  return (
    <div className="table-tools">
      {children}
      <div className="table-tools-end">
        <span className="table-count" role="status">
          {t("table.rows", { count: rows.length })}
        </span>
        <Menu closeOnItemClick={false} position="bottom-end" transitionProps={{ duration: 0 }}>
          <Menu.Target>
            <Button size="xs" variant="default">
              {t("table.columns")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {columns.map((column) => (
              <Menu.Item key={column.id} component="div">
                <Checkbox size="xs" label={column.header} checked={visibility[column.id] ?? false} onChange={() => toggle(column.id)} />
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Button size="xs" variant="default" onClick={() => download(`${name}.csv`, toCsv(shown, rows))}>
          CSV
        </Button>
      </div>
    </div>
  );
}
