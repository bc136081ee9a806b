/** The runtime's checks as rows, whatever detail each of them tells. */

export interface CheckRow {
  name: string;
  ok: boolean;
  detail: string;
}

function words(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return Object.entries(value).map(([name, one]) => `${name.replaceAll("_", " ")}: ${words(one)}`).join(", ");
  return String(value);
}

function rowOf(name: string, check: unknown): CheckRow {
  if (typeof check === "object" && check !== null) {
    const { ok, status, detail, message, ...rest } = check as Record<string, unknown>;
    const good = typeof ok === "boolean" ? ok : status === undefined || status === "ok" || status === "up";
    return { name, ok: good, detail: [words(detail ?? message), words(rest)].filter(Boolean).join(" – ") };
  }
  if (typeof check === "boolean") return { name, ok: check, detail: "" };
  return { name, ok: check === "ok" || check === "up", detail: words(check) };
}

/** What is not well first. */
export function checkRows(checks: Record<string, unknown>): CheckRow[] {
  const rows = Object.entries(checks).map(([name, check]) => rowOf(name.replaceAll("_", " "), check));
  return rows.sort((a, b) => Number(a.ok) - Number(b.ok) || a.name.localeCompare(b.name));
}
