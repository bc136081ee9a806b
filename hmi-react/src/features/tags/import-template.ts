/** A table to begin with: the usual columns and a few rows that show how each kind of cell is written. */
import type { BulkKind } from "@/api/tags";

type Row = Readonly<Record<string, string>>;

const ROWS: Record<BulkKind, readonly Row[]> = {
  tags: [
    { name: "TK101.LT", type: "float", description: "Level", area: "station/supply", unit: "m", range: "0;5", precision: "2", source: "plc1/40", scan: "fast", "scale.raw": "0;27648", "scale.eng": "0;5", deadband: "0.5 %", history: "true" },
    { name: "TK101.SP", type: "float", description: "Level setpoint", area: "station/supply", unit: "m", range: "0;5", initial: "3.5", writable: "true", retained: "true" },
    { name: "TK101.VOL", type: "float", description: "Volume", area: "station/supply", unit: "m3", expression: "2.0 * TK101.LT" },
    { name: "XV101.CMD", type: "bool", description: "Fill valve", area: "station/supply", source: "plc1/3", "output.safe": "false", "output.max_on_s": "600" },
    { name: "XV101.STATE", type: "enum", description: "State of the fill valve", area: "station/supply", source: "plc1/7", states: "0=Shut;1=Open;2=Moving" },
  ],
  alarms: [
    { name: "TK101.LT.H", tag: "TK101.LT", "condition.kind": "high", "condition.limit": "4.5", "condition.deadband": "0.1", priority: "2", on_delay_s: "3", area: "station/supply", description: "Level high", cause: "Fill valve does not close", action: "Close the fill valve by hand" },
    { name: "XV101.FLT", tag: "XV101.FLT", "condition.kind": "bool", "condition.alarm_value": "true", priority: "3", area: "station/supply", description: "Fill valve fault" },
    { name: "TK101.LT.COM", tag: "TK101.LT", "condition.kind": "comms", priority: "4", area: "station/supply", description: "Level not read" },
  ],
};

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The table as CSV. */
export function templateOf(kind: BulkKind): string {
  const rows = ROWS[kind];
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))];
  return `${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}
