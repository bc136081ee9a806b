/** The line above a table: its filters, how many rows, which columns, files to take away. */
import { Button, Checkbox, Menu } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Column } from "./table-columns";

interface Props<T> {
  columns: readonly Column<T>[];
  visibility: Record<string, boolean>;
  toggle(id: string): void;
  count: number;
  /** There are more than those. */
  more?: boolean;
  files: ReactNode;
  children?: ReactNode;
}

export function TableTools<T>({ columns, visibility, toggle, count, more = false, files, children }: Props<T>) {
  const { t } = useTranslation();
  return (
    <div className="table-tools">
      {children}
      <div className="table-tools-end">
        <span className="table-count" role="status">
          {t(more ? "table.moreRows" : "table.rows", { count })}
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
        {files}
      </div>
    </div>
  );
}
