/** The last hours, or from one instant to another. */
import { SegmentedControl, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { displayZone } from "@/ui/display";
import { isPeriod, LENGTHS, ownPeriod, type Period } from "./period";

const OWN = "own";

export function PeriodField({ period, onChange }: { period: Period; onChange(period: Period): void }) {
  const { t } = useTranslation();
  const zone = displayZone();
  const choose = (value: string): void => onChange(value === OWN ? ownPeriod(zone, period, Date.now() / 1000) : { ...period, length: Number(value) });
  const choices = [...LENGTHS.map((one) => ({ value: String(one), label: t(`replay.lengths.${one}`) })), { value: OWN, label: t("replay.lengths.own") }];
  return (
    <>
      <SegmentedControl size="xs" transitionDuration={0} aria-label={t("replay.period")} value={period.length === null ? OWN : String(period.length)} onChange={choose} data={choices} style={{ alignSelf: "flex-start" }} />
      {period.length === null && (
        <div className="replay-period">
          {(["from", "to"] as const).map((end) => (
            <TextInput key={end} size="xs" type="datetime-local" label={t(`replay.${end}`)} value={period[end]} onChange={(event) => onChange({ ...period, [end]: event.currentTarget.value })} error={end === "to" && !isPeriod(zone, period) ? t("replay.noPeriod") : undefined} />
          ))}
        </div>
      )}
    </>
  );
}
