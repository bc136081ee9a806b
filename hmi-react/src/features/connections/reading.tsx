/** What a device gave for an address: the raw value with its marks. */
import { useTranslation } from "react-i18next";
import type { AddressReading } from "@/api/links";
import { presentS } from "@/live/live";
import { Badge } from "@/ui/badges";
import { formatDateTime, formatTime, MISSING } from "@/ui/format";
import { conditionOf, qualityWords, severityOf } from "@/ui/quality";

const DAY_S = 86_400;

/** When the device measured it; with the date where the time of day alone would mislead. */
export function readingTime(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return MISSING;
  return Math.abs(presentS() - seconds) < DAY_S / 2 ? formatTime(seconds, true) : formatDateTime(seconds, true);
}

export function ReadingValue({ reading }: { reading: AddressReading }) {
  const { t } = useTranslation();
  const { value, quality, reason } = reading;
  const severity = severityOf(quality);
  const condition = conditionOf(quality);
  return (
    <span className="value link-reading" data-severity={severity} title={qualityWords(quality)}>
      {condition && <Badge kind={condition} label={condition === "bad" ? t("value.bad", { reason }) : t(`value.${condition}`)} />}
      <span className="value-figure">{value === null ? MISSING : String(value)}</span>
      {severity !== "GOOD" && <span className="value-reason">{reason || severity}</span>}
    </span>
  );
}
