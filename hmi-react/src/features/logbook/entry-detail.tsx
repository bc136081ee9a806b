/** One entry in full, with every version of it, and its correction. */
import { ActionIcon, Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "@/api/auth";
import { words } from "@/api/errors";
import { correctLog, fetchLogEntry, useLogPlan, type LogEntry, type LogVersion } from "@/api/logbook";
import { useFaceplate } from "@/ui/faceplate-link";
import { Facts, type Fact } from "@/ui/facts";
import { formatDateTime } from "@/ui/format";
import { Loaded } from "@/ui/page";
import { bodyOf, draftOfEntry, isDirty, isReady, type Draft } from "./log-draft";
import { LogFields } from "./log-fields";
import { Keys } from "./quick-entry";

interface Props {
  entry: LogEntry;
  /** Null while nobody corrects it. */
  draft: Draft | null;
  onDraft(draft: Draft | null): void;
  onClose(): void;
}

export function EntryDetail({ entry, draft, onDraft, onClose }: Props) {
  const { t } = useTranslation();
  const operator = useMay("operator");
  return (
    <aside className="panel split-side" aria-label={t("logbook.entry")}>
      <header className="panel-head">
        <h2 className="panel-title log-title">{entry.title || entry.category}</h2>
        <ActionIcon variant="subtle" color="gray" ml="auto" onClick={onClose} aria-label={t("common.close")}>
          ✕
        </ActionIcon>
      </header>
      <div className="stack">
        {draft ? (
          <Correction entry={entry} draft={draft} onDraft={onDraft} />
        ) : (
          <>
            <p className="log-words">{entry.text}</p>
            <EntryFacts entry={entry} />
            {operator && (
              <Button size="xs" variant="default" onClick={() => onDraft(draftOfEntry(entry))}>
                {t("logbook.correct")}
              </Button>
            )}
            <Ways entry={entry} />
            {entry.version > 1 && <Versions entry={entry} />}
          </>
        )}
      </div>
    </aside>
  );
}

function EntryFacts({ entry }: { entry: LogEntry }) {
  const { t } = useTranslation();
  const always: Fact[] = [
    [t("logbook.time"), formatDateTime(entry.time, true)],
    [t("logbook.category"), entry.category],
    [t("logbook.author"), entry.author],
    [t("logbook.written"), formatDateTime(entry.created, true)],
  ];
  const ifKnown: [string, string][] = [
    [t("logbook.corrected"), entry.corrected === null ? "" : `${formatDateTime(entry.corrected)} ${entry.corrected_by}`],
    [t("logbook.shift"), entry.shift],
    [t("logbook.area"), entry.area],
    [t("logbook.tag"), entry.tag],
    [t("logbook.alarm"), entry.alarm],
    [t("journal.occurrence"), entry.occurrence_id],
  ];
  return <Facts facts={[...always, ...ifKnown.filter(([, value]) => value)]} />;
}

function Ways({ entry }: { entry: LogEntry }) {
  const { t } = useTranslation();
  const { open } = useFaceplate();
  return (
    <>
      {entry.tag !== "" && (
        <Button size="xs" variant="default" onClick={() => open({ tag: entry.tag })}>
          {t("journal.openTag", { tag: entry.tag })}
        </Button>
      )}
      {entry.alarm !== "" && (
        <Button size="xs" variant="default" component={Link} to={`/alarm-journal?${new URLSearchParams({ alarm: entry.alarm, period: "30d" })}`}>
          {t("journal.showRows")}
        </Button>
      )}
    </>
  );
}

function Versions({ entry }: { entry: LogEntry }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["logbook", "entry", entry.id, entry.version], queryFn: ({ signal }) => fetchLogEntry(entry.id, signal) });
  const former = (query.data?.versions ?? []).filter((one) => one.version < entry.version).toReversed();
  return (
    <section aria-label={t("logbook.versions")}>
      <h3 className="panel-title">{t("logbook.versions")}</h3>
      <Loaded query={query} height={80}>
        <ul className="lines remarks">
          {former.map((one) => (
            <li key={one.version}>
              <span className="muted">
                {formatDateTime(one.written)} {one.author}
              </span>
              <Former version={one} />
            </li>
          ))}
        </ul>
      </Loaded>
    </section>
  );
}

function Former({ version }: { version: LogVersion }) {
  const about = [version.category, version.title, version.area, version.tag, version.alarm].filter(Boolean).join(" · ");
  return (
    <>
      <span>{about}</span>
      <span className="remark-text">{version.text}</span>
    </>
  );
}

function Correction({ entry, draft, onDraft }: { entry: LogEntry; draft: Draft; onDraft(draft: Draft | null): void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const plan = useLogPlan().data;
  // What was seen when the correction began: somebody may be faster.
  const [seen] = useState(entry.version);
  const changed = isDirty(draft, draftOfEntry(entry));
  const correct = useMutation({
    mutationFn: () => correctLog(entry.id, seen, { ...bodyOf(draft, ""), time: draft.time ?? entry.time }),
    onSuccess: () => {
      onDraft(null);
      return queries.invalidateQueries({ queryKey: ["logbook", "entries"] });
    },
  });
  const save = (): void => {
    if (changed && isReady(draft) && !correct.isPending) correct.mutate();
  };
  return (
    <section aria-label={t("logbook.correction")} className="log-correction">
      <Keys save={save} leave={() => onDraft(null)} />
      <LogFields draft={draft} plan={plan} whole change={(fields) => onDraft({ ...draft, ...fields })} />
      <div className="log-actions">
        <Button size="xs" disabled={!changed || !isReady(draft)} loading={correct.isPending} onClick={save}>
          {t("logbook.saveCorrection")}
        </Button>
        <Button size="xs" variant="default" onClick={() => onDraft(null)}>
          {t("common.cancel")}
        </Button>
      </div>
      <span className="muted">{t("logbook.stays")}</span>
      {correct.error && (
        <span className="problem" role="alert">
          {words(correct.error)}
        </span>
      )}
    </section>
  );
}
