/** One occurrence of an alarm: its times, who acknowledged it, and the rows of the journal that tell of it. */
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { fetchJournal, type Occurrence } from "@/api/alarm-history";
import { useMay } from "@/api/auth";
import { commentEvent, fetchEvent } from "@/api/events";
import { commentAlarm } from "@/api/queries";
import type { Fact } from "@/ui/facts";
import { formatDateTime, formatTime } from "@/ui/format";
import { Loaded } from "@/ui/page";
import { RemarkForm } from "@/ui/remark-form";
import { EventChip } from "./event-chip";
import { acknowledgedWord, announcedWord, conditionWord, durationWord } from "./journal-words";
import { SidePanel } from "./side-panel";

const MOST = 200;
const COMMENTED = { event: "commented", annunciated: null } as const;

const time = (seconds: number | null, without = ""): string => (seconds === null ? without : formatDateTime(seconds, true));

export function OccurrenceDetail({ occurrence, onClose }: { occurrence: Occurrence; onClose: () => void }) {
  const { t } = useTranslation();
  const operator = useMay("operator");
  const queries = useQueryClient();
  // One that is over has no alarm to comment on any more: the comment is on the event that began it.
  const send = async (text: string): Promise<void> => {
    await (occurrence.closed === null ? commentAlarm(occurrence.alarm, text) : commentEvent(occurrence.id, text));
    await queries.invalidateQueries({ queryKey: ["alarm-history"] });
  };
  const facts: Fact[] = [
    [t("journal.raised"), time(occurrence.raised)],
    [t("journal.ack"), `${time(occurrence.acknowledged)} ${acknowledgedWord(t, occurrence)}`],
    ...(occurrence.ack_comment ? [[t("journal.comment"), occurrence.ack_comment] as Fact] : []),
    [t("journal.returned"), time(occurrence.returned, occurrence.closed === null ? t("journal.stillActive") : "")],
    [t("journal.closed"), time(occurrence.closed, t("journal.stillOpen"))],
    [t("journal.lasted"), durationWord(occurrence.duration_s)],
    [t("journal.kept"), announcedWord(t, occurrence)],
    [t("journal.condition"), conditionWord(t, { condition: occurrence.condition, limit: null, unit: null })],
    [t("journal.alarm"), occurrence.alarm],
    [t("journal.area"), occurrence.area],
    [t("journal.tag"), occurrence.tag],
    [t("journal.occurrence"), occurrence.occurrence_id],
  ];
  return (
    <SidePanel title={occurrence.message} alarm={occurrence.alarm} tag={occurrence.tag} priority={occurrence.priority} facts={facts} onClose={onClose}>
      <Story occurrence={occurrence} />
      {operator && <RemarkForm label={t("remarks.add")} send={send} />}
      {operator && (
        <Button size="xs" variant="default" component={Link} to={`/logbook?${new URLSearchParams({ new: "1", for_alarm: occurrence.alarm, for_occurrence: occurrence.occurrence_id, for_tag: occurrence.tag, for_area: occurrence.area })}`}>
          {t("logbook.writeAbout")}
        </Button>
      )}
    </SidePanel>
  );
}

function Story({ occurrence }: { occurrence: Occurrence }) {
  const { t } = useTranslation();
  const { alarm, raised, closed, occurrence_id } = occurrence;
  const query = useQuery({
    queryKey: ["alarm-history", "story", alarm, occurrence_id, occurrence],
    queryFn: ({ signal }) => fetchJournal({ alarm, start: raised - 1, end: closed === null ? undefined : closed + 1 }, null, signal, MOST),
  });
  const begun = useQuery({ queryKey: ["alarm-history", "remarks", occurrence.id], queryFn: ({ signal }) => fetchEvent(occurrence.id, signal) });
  const rows = (query.data?.items ?? []).filter((row) => row.occurrence_id === occurrence_id).toReversed();
  return (
    <section aria-label={t("journal.story")}>
      <h3 className="panel-title">{t("journal.story")}</h3>
      <Loaded query={query} height={120}>
        <ul className="lines journal-story">
          {rows.map((row) => (
            <li key={row.seq}>
              <time className="muted" title={formatDateTime(row.time, true)}>
                {formatTime(row.time)}
              </time>
              <EventChip row={row} />
              <span>
                {row.actor}
                {row.comment && `: ${row.comment}`}
              </span>
            </li>
          ))}
          {(begun.data?.remarks ?? []).map((one) => (
            <li key={one.seq}>
              <time className="muted" title={formatDateTime(one.time, true)}>
                {formatTime(one.time)}
              </time>
              <EventChip row={COMMENTED} />
              <span>
                {one.author}: {one.comment}
              </span>
            </li>
          ))}
        </ul>
      </Loaded>
    </section>
  );
}
