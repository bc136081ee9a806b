/** The priority of an event: that of an alarm in its shape and colour, any other as a plain number, bold where somebody should look. */
import { useTranslation } from "react-i18next";
import type { EventRow } from "@/api/events";
import { PriorityIcon } from "@/ui/priority-icon";

const URGENT = 2;

export function RankMark({ event }: { event: Pick<EventRow, "class" | "priority"> }) {
  const { t } = useTranslation();
  if (event.class === "alarm") return <PriorityIcon priority={event.priority} />;
  return (
    <span className="rank-mark" data-urgent={event.priority <= URGENT} role="img" aria-label={t("events.priorityIs", { priority: event.priority })}>
      {event.priority}
    </span>
  );
}
