/** What happened to an alarm, as a word with a mark: up for raised, down for returned, a tick for acknowledged. */
import { useTranslation } from "react-i18next";
import type { JournalRow } from "@/api/alarm-history";
import { eventWord } from "./journal-words";

const PATHS: Record<string, string> = {
  raised: "M8 14V3M3.5 7.5L8 3L12.5 7.5",
  realarmed: "M8 14V3M3.5 7.5L8 3L12.5 7.5",
  escalated: "M8 14V6M3.5 10L8 5.5L12.5 10M3.5 5.5L8 1L12.5 5.5",
  returned: "M8 2V13M3.5 8.5L8 13L12.5 8.5",
  acknowledged: "M2.5 8.5L6.5 12.5L13.5 4",
  commented: "M2 3H14V11H8L4.5 14V11H2Z",
};
const SILENT = "M3 6H5.5L9 3V13L5.5 10H3ZM11 6L15 10M15 6L11 10";
const HUSHED = new Set(["shelved", "suppressed", "out_of_service", "disabled"]);
const OTHER = "M3 8H13";

export function EventChip({ row }: { row: Pick<JournalRow, "event" | "annunciated"> }) {
  const { t } = useTranslation();
  const path = PATHS[row.event] ?? (HUSHED.has(row.event) ? SILENT : OTHER);
  return (
    <span className="chip" data-strong={row.annunciated === true}>
      <svg width={12} height={12} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth={2} aria-hidden>
        <path d={path} />
      </svg>
      {eventWord(t, row.event)}
    </span>
  );
}
