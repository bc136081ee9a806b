/** What became of each of several alarms: those that were refused first, with the reason. */
import { useTranslation } from "react-i18next";
import type { AlarmOutcomes } from "@/api/alarms";
import { StateBadge } from "@/ui/state-badge";
import type { AlarmState } from "@/api/types";

export function OutcomeList({ outcomes }: { outcomes: AlarmOutcomes }) {
  const { t } = useTranslation();
  const { results, done, refused } = outcomes;
  const ordered = [...results].sort((a, b) => Number(a.ok) - Number(b.ok));
  return (
    <section aria-label={t("alarms.outcome")}>
      <p className="outcome-summary" role="status">
        <b>{t("alarms.summary", { done, refused })}</b>
      </p>
      <ul className="lines outcome-lines">
        {ordered.map((one) => (
          <li key={one.name} data-ok={one.ok}>
            <span className={one.ok ? "chip" : "chip chip-bad"}>
              {one.ok ? "✓" : "✗"} {t(one.ok ? "alarms.ok" : "alarms.refused")}
            </span>
            <b>{one.name}</b>
            {one.ok ? one.state !== null && <StateBadge state={one.state as AlarmState} /> : <span>{one.error}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
