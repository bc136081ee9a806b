/** Why the alarm is as it is, in sentences; nothing where the runtime does not tell. */
import { useTranslation } from "react-i18next";
import { useAlarmWhy } from "@/api/alarms";
import { words } from "@/api/errors";
import type { AlarmView } from "@/api/types";

export function AlarmWhy({ alarm }: { alarm: AlarmView }) {
  const { t } = useTranslation();
  const { data, error } = useAlarmWhy(alarm);
  if (error) return <span className="chip chip-bad">{words(error)}</span>;
  if (!data || data.sentences.length === 0) return null;
  return (
    <section aria-label={t("alarms.why")}>
      <h3>{t("alarms.why")}</h3>
      <ul className="why-list">
        {data.sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}
