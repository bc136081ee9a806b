/** How long a shelf still lasts, counting down. */
import { useTranslation } from "react-i18next";
import type { AlarmView } from "@/api/types";
import { presentS, useServerTime } from "@/live/live";
import { formatDateTime } from "@/ui/format";

const pad = (part: number): string => String(part).padStart(2, "0");

/** "1:05:09" or "04:59". */
export function countdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return `${hours > 0 ? `${hours}:` : ""}${pad(minutes)}:${pad(whole % 60)}`;
}

export function Remaining({ alarm }: { alarm: AlarmView }) {
  const { t } = useTranslation();
  const now = (useServerTime() ?? presentS() * 1000) / 1000;
  const until = alarm.silent_until ?? null;
  if (until === null) return null;
  return (
    <span className="number" role="timer" title={formatDateTime(until)} data-testid={`remaining-${alarm.name}`}>
      {until <= now ? t("alarms.over") : countdown(until - now)}
    </span>
  );
}
