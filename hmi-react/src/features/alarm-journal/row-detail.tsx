/** One row of the journal of alarms with all that it keeps. */
import { useTranslation } from "react-i18next";
import type { JournalRow } from "@/api/alarm-history";
import type { Fact } from "@/ui/facts";
import { formatDateTime } from "@/ui/format";
import { EventChip } from "./event-chip";
import { announcedWord, conditionWord, durationWord, measured, stateWord } from "./journal-words";
import { SidePanel } from "./side-panel";

const time = (seconds: number | null): string => (seconds === null ? "" : formatDateTime(seconds, true));

export function RowDetail({ row, onClose }: { row: JournalRow; onClose: () => void }) {
  const { t } = useTranslation();
  const always: Fact[] = [
    [t("journal.time"), time(row.time)],
    [t("journal.event"), <EventChip key="event" row={row} />],
    [t("journal.alarm"), row.alarm],
    [t("journal.actor"), row.actor],
    [t("journal.origin"), row.origin],
    [t("journal.comment"), row.comment],
  ];
  const ifKnown: [string, string | null][] = [
    [t("journal.from"), stateWord(t, row.from)],
    [t("journal.to"), stateWord(t, row.to)],
    [t("journal.underneath"), row.core_state === row.to ? "" : stateWord(t, row.core_state)],
    [t("journal.kept"), announcedWord(t, row)],
    [t("journal.value"), measured(row.value, row.unit)],
    [t("journal.quality"), row.quality],
    [t("journal.condition"), conditionWord(t, row)],
    [t("journal.deadband"), row.deadband ? measured(row.deadband, row.unit) : ""],
    [t("journal.sourceTime"), time(row.source_time)],
    [t("journal.conditionTime"), time(row.condition_time)],
    [t("journal.activeTime"), time(row.active_time)],
    [t("journal.duration"), durationWord(row.duration_s)],
    [t("journal.until"), time(row.until)],
    [t("journal.workOrder"), row.work_order],
    [t("journal.priority"), row.priority === null ? "" : String(row.priority)],
    [t("journal.area"), row.area],
    [t("journal.tag"), row.tag],
    [t("journal.occurrence"), row.occurrence_id],
    [t("journal.seq"), String(row.seq)],
  ];
  return <SidePanel title={row.message} alarm={row.alarm} tag={row.tag} priority={row.priority} facts={[...always, ...ifKnown.filter(([, value]) => value)]} onClose={onClose} />;
}
