/** Why the alarm is as it is, in sentences; nothing where the runtime does not tell. */
import { useTranslation } from "react-i18next";
import { useAlarmWhy } from "@/api/alarms";
import { words } from "@/api/errors";
import type { AlarmView } from "@/api/types";
import { formatDateTime } from "@/ui/format";

const SHOWN = 5;

export function AlarmWhy({ alarm }: { alarm: AlarmView }) {
  const { t } = useTranslation();
  const { data, error } = useAlarmWhy(alarm);
  if (error) return <span className="chip chip-bad">{words(error)}</span>;
  if (!data || data.sentences.length === 0) return null;
  const rows = (data.history ?? []).slice(0, SHOWN);
  return (
    <section aria-label={t("alarms.why")}>
      <h3>{t("alarms.why")}</h3>
      <ul className="why-list">
        {data.sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {rows.length > 0 && (
        <ol className="lines why-history" aria-label={t("alarms.latest")}>
          {rows.map((row) => (
            <li key={row.seq}>
              <span className="muted number">{formatDateTime(row.time)}</span>
              <span>
                {row.message} <span className="muted">{row.actor}</span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
