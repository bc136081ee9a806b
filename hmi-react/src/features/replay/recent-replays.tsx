/** The replays that the runtime remembers, to be opened again. */
import { useTranslation } from "react-i18next";
import { useReplays } from "@/api/replay";
import { formatDateTime, formatDuration } from "@/ui/format";
import { Problem } from "@/ui/page";

interface Props {
  chosen: string | null;
  onChoose(id: string): void;
}

export function RecentReplays({ chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const list = useReplays();
  const jobs = list.data?.items ?? [];
  if (list.error) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (jobs.length === 0) return null;
  return (
    <section className="panel" aria-label={t("replay.recent")}>
      <header className="panel-head">
        <h2 className="panel-title">{t("replay.recent")}</h2>
      </header>
      <ul className="replay-recent">
        {jobs.map((job) => (
          <li key={job.id}>
            <button type="button" aria-current={job.id === chosen} onClick={() => onChoose(job.id)}>
              <b>{formatDuration(job.end - job.start)}</b>
              <span>{job.proposed === null ? t("replay.noProposals") : t("replay.proposals", { count: job.proposed.length })}</span>
              <span className="muted">{t("replay.by", { who: job.by, when: formatDateTime(job.asked_at) })}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
