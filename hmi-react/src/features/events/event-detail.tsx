/** One event with all that the journal keeps of it, what people say of it, and ways to what it is about. */
import { ActionIcon, Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "@/api/auth";
import { commentEvent, fetchEvent, type EventRow, type OneEvent } from "@/api/events";
import { useFaceplate } from "@/ui/faceplate-link";
import { Facts, type Fact } from "@/ui/facts";
import { formatDateTime } from "@/ui/format";
import { Loaded } from "@/ui/page";
import { RemarkForm } from "@/ui/remark-form";
import { alarmOf, detailsOf, kindWord } from "./event-words";
import { RankMark } from "./rank-mark";

export function EventDetail({ event, onClose }: { event: EventRow; onClose: () => void }) {
  const { t } = useTranslation();
  const facts: Fact[] = [
    [t("events.time"), formatDateTime(event.time, true)],
    [t("events.class"), t(`events.classes.${event.class}`)],
    [t("events.kind"), kindWord(event.kind)],
    [t("events.subject"), event.subject],
    [t("events.actor"), event.actor],
    [t("events.origin"), event.origin],
    [t("events.priority"), String(event.priority)],
    [t("events.criticality"), t(`events.criticalities.${event.criticality}`)],
    ...([[t("events.tag"), event.tag], [t("events.area"), event.area]] as const).filter(([, value]) => value !== ""),
    ...detailsOf(event.details),
    [t("events.seq"), String(event.seq)],
  ];
  return (
    <aside className="panel split-side" aria-label={t("events.detail")}>
      <header className="panel-head">
        <RankMark event={event} />
        <h2 className="panel-title event-title">{event.message}</h2>
        <ActionIcon variant="subtle" color="gray" ml="auto" onClick={onClose} aria-label={t("common.close")}>
          ✕
        </ActionIcon>
      </header>
      <div className="stack">
        <Facts facts={facts} />
        <Remarks event={event} />
        <Ways event={event} />
      </div>
    </aside>
  );
}

function Remarks({ event }: { event: EventRow }) {
  const { t } = useTranslation();
  const operator = useMay("operator");
  const queries = useQueryClient();
  const queryKey = ["event", event.seq];
  const query = useQuery({ queryKey: [...queryKey, event.comments], queryFn: ({ signal }) => fetchEvent(event.seq, signal) });
  const send = async (text: string): Promise<void> => {
    const told: OneEvent = await commentEvent(event.seq, text);
    queries.setQueryData([...queryKey, event.comments], told);
    await queries.invalidateQueries({ queryKey: ["events"] });
  };
  const remarks = query.data?.remarks ?? [];
  return (
    <section aria-label={t("remarks.title")}>
      <h3 className="panel-title">{t("remarks.title")}</h3>
      <Loaded query={query} height={48}>
        {remarks.length === 0 && <span className="muted">{t("remarks.none")}</span>}
        <ul className="lines remarks">
          {remarks.map((one) => (
            <li key={one.seq}>
              <span className="muted">
                {formatDateTime(one.time)} {one.author}
              </span>
              <span className="remark-text">{one.comment}</span>
            </li>
          ))}
        </ul>
      </Loaded>
      {operator && <RemarkForm key={event.seq} label={t("remarks.add")} send={send} />}
    </section>
  );
}

/** Links to what the event is about. */
function Ways({ event }: { event: EventRow }) {
  const { t } = useTranslation();
  const { open } = useFaceplate();
  const operator = useMay("operator");
  const alarm = alarmOf(event);
  const occurrence = alarm !== null && typeof event.details["occurrence_id"] === "string" ? event.details["occurrence_id"] : "";
  const about = { new: "1", for_tag: event.tag, for_alarm: alarm ?? "", for_occurrence: occurrence, for_area: event.area };
  return (
    <div className="event-ways">
      {event.tag !== "" && (
        <Button size="xs" variant="default" onClick={() => open({ tag: event.tag })}>
          {t("journal.openTag", { tag: event.tag })}
        </Button>
      )}
      {event.class === "machine" && (
        <Button size="xs" variant="default" onClick={() => open({ machine: event.subject })}>
          {t("journal.openTag", { tag: event.subject })}
        </Button>
      )}
      {alarm !== null && (
        <Button size="xs" variant="default" component={Link} to={`/alarm-journal?${new URLSearchParams({ alarm, period: "30d" })}`}>
          {t("journal.showRows")}
        </Button>
      )}
      <Button size="xs" variant="default" component={Link} to={`/events?${new URLSearchParams({ subject: event.subject, period: "30d" })}`}>
        {t("events.sameSubject")}
      </Button>
      {operator && (
        <Button size="xs" variant="default" component={Link} to={`/logbook?${new URLSearchParams(Object.entries(about).filter(([, value]) => value !== ""))}`}>
          {t("logbook.writeAbout")}
        </Button>
      )}
    </div>
  );
}
