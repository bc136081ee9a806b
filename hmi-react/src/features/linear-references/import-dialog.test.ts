import { describe, expect, it } from "vitest";
import type { BulkRow } from "@/api/tags";
import { formatOf, rowsToShow } from "./import-dialog";

const row = (number: number, action: BulkRow["action"]): BulkRow => ({ row: number, name: `north km ${number}`, action, mistakes: [], fields: {} });

describe("the preview of an import", () => {
  it("shows mistakes first and leaves out what stays", () => {
    const rows = [row(2, "add"), row(3, "same"), row(4, "bad"), row(5, "change"), row(6, "bad")];
    expect(rowsToShow(rows).map((one) => one.row)).toEqual([4, 6, 5, 2]);
  });

  it("knows a workbook by its name", () => {
    expect(["a.csv", "A.XLSX", "points.xlsx", "xlsx"].map(formatOf)).toEqual(["csv", "xlsx", "xlsx", "csv"]);
  });
});
