import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import { TableGrid, type GridRow } from "./table-grid";
import type { Column } from "./table-columns";

interface Row {
  name: string;
}

const columns: Column<Row>[] = [
  { id: "name", header: "Name", width: "1fr", value: (row) => row.name },
  { id: "note", header: "Note", width: "1fr", value: () => "", unsortable: true },
];

const tenThousand = (index: number): GridRow<Row> => ({ key: String(index), row: { name: `T${index}` } });

function show(over: Partial<Parameters<typeof TableGrid<Row>>[0]> = {}) {
  render(<TableGrid label="Tags" shown={columns} count={10_000} rowAt={tenThousand} sort={null} onSort={vi.fn()} {...over} />);
}

describe("table", () => {
  const before = Object.getOwnPropertyDescriptor(Element.prototype, "clientHeight");

  beforeEach(() => {
    // Without a layout nothing has a size, and nothing would be in sight.
    Object.defineProperty(Element.prototype, "clientHeight", { value: 640, configurable: true });
  });

  afterEach(() => {
    if (before) Object.defineProperty(Element.prototype, "clientHeight", before);
  });

  it("draws only the rows in sight, and tells which they are", () => {
    const onSight = vi.fn();
    show({ onSight });
    expect(screen.getAllByRole("row").length).toBeLessThan(40);
    expect(screen.getByText("T0")).toBeDefined();
    expect(onSight).toHaveBeenLastCalledWith(0, expect.any(Number));
  });

  it("says of a row that is still fetched that it is busy", () => {
    show({ count: 1, rowAt: () => ({ key: "#0", row: undefined }) });
    expect(screen.getAllByRole("row")[1]?.getAttribute("aria-busy")).toBe("true");
  });

  it("opens a row by mouse and by Enter, and sorts by what can be sorted", async () => {
    const opened: string[] = [];
    const onSort = vi.fn();
    show({ onOpen: (row) => opened.push(row.name), onSort });
    await userEvent.click(screen.getByText("T1"));
    screen.getAllByRole("row")[3]?.focus();
    await userEvent.keyboard("{Enter}");
    await userEvent.click(screen.getByRole("button", { name: "Name" }));
    expect(opened).toEqual(["T1", "T2"]);
    expect(onSort).toHaveBeenCalledWith("name");
    expect(screen.queryByRole("button", { name: "Note" })).toBeNull();
  });
});
