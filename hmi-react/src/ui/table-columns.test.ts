import { describe, expect, it } from "vitest";
import { compareValues } from "./data-table";
import { parseSort, sortText, toCsv, type Column } from "./table-columns";

interface Row {
  name: string;
  value: number | null;
}

const columns: Column<Row>[] = [
  { id: "name", header: "Name", width: "1fr", value: (row) => row.name },
  { id: "value", header: "Value", width: "1fr", value: (row) => row.value },
];

describe("CSV", () => {
  it("quotes what needs it and leaves empty what is missing", () => {
    expect(toCsv(columns, [{ name: 'a "b", c', value: -1.5 }, { name: "d", value: null }])).toBe('Name,Value\r\n"a ""b"", c",-1.5\r\nd,\r\n');
  });

  it("does not let a text become a formula", () => {
    expect(toCsv(columns, [{ name: "=1+1", value: 0 }])).toContain("'=1+1,0");
  });
});

describe("sorting", () => {
  it("is kept in the address", () => {
    expect(parseSort("-time")).toEqual({ id: "time", desc: true });
    expect(parseSort(null)).toBeNull();
    expect(sortText({ id: "name", desc: false })).toBe("name");
  });

  it("puts numbers by size, names with numbers in order, and nothing last", () => {
    expect([10, 9, null, 100].toSorted(compareValues)).toEqual([9, 10, 100, null]);
    expect(["P10", "P9", "", "P100"].toSorted(compareValues)).toEqual(["P9", "P10", "P100", ""]);
  });
});
