/** Where the rate of alarms lies on the scale from acceptable to unacceptable. */
import { useTranslation } from "react-i18next";
import type { Band } from "@/api/alarm-history";
import { VerdictMark } from "./metric-card";
import type { Verdict } from "./metrics";

const BANDS: readonly (readonly [Band, Verdict])[] = [
  ["acceptable", "good"],
  ["manageable", "fair"],
  ["over-demanding", "poor"],
  ["unacceptable", "poor"],
];

export function BandScale({ band }: { band: Band | null }) {
  const { t } = useTranslation();
  return (
    <ol className="band" aria-label={t("performance.bandName")}>
      {BANDS.map(([one, verdict]) => (
        <li key={one} className="band-one" data-now={one === band} data-verdict={verdict} aria-current={one === band || undefined}>
          {one === band && <VerdictMark verdict={verdict} />}
          <span>
            {t(`performance.bands.${one}`)}
            <small>{t(`performance.bandHints.${one}`)}</small>
          </span>
        </li>
      ))}
    </ol>
  );
}
