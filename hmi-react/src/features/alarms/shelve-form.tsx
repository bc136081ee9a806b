/** For how long, why, and whether only until it returns: what every shelf is asked for. */
import { Checkbox, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AlarmView } from "@/api/types";
import { isShelved } from "@/live/alarm-order";
import { presentS, useServerTime } from "@/live/live";
import { formatTime } from "@/ui/format";
import { countdown, Remaining } from "./remaining";

export const PRESETS = ["15", "60", "240", "longest"] as const;
export type Preset = (typeof PRESETS)[number];

export interface Shelving {
  preset: Preset;
  once: boolean;
  reason: string;
}

export const NEW_SHELVING: Shelving = { preset: "60", once: false, reason: "" };

/** Seconds; null for the longest that each alarm's priority allows. */
export const secondsOf = (preset: Preset): number | null => (preset === "longest" ? null : Number(preset) * 60);

/** What its class lets nobody shelve. */
export const isShelvable = (alarm: AlarmView): boolean => alarm.shelvable !== false;

/** The longest that all of the alarms that may be shelved may be so, s. */
export const longestOf = (alarms: readonly AlarmView[]): number => alarms.filter(isShelvable).reduce((least, alarm) => Math.min(least, alarm.longest_shelf_s), Infinity);

/** The times that are offered: those that every alarm may be shelved for, and the longest of each. */
export const presetsFor = (alarms: readonly AlarmView[]): Preset[] => PRESETS.filter((preset) => (secondsOf(preset) ?? 0) <= longestOf(alarms));

interface Props {
  alarms: readonly AlarmView[];
  value: Shelving;
  onChange(value: Shelving): void;
}

export function ShelveForm({ alarms, value, onChange }: Props) {
  const { t } = useTranslation();
  const now = (useServerTime() ?? presentS() * 1000) / 1000;
  const offered = presetsFor(alarms);
  const same = new Set(alarms.map((alarm) => alarm.longest_shelf_s)).size === 1;
  const never = alarms.filter((alarm) => !isShelvable(alarm));
  const longest = longestOf(alarms);
  const seconds = secondsOf(value.preset) ?? (same && Number.isFinite(longest) ? longest : null);
  const shelved = alarms.length === 1 && alarms[0] && isShelved(alarms[0]) ? alarms[0] : null;
  return (
    <Stack gap={12}>
      <Text size="sm">{t("alarm.silent.shelveHint")}</Text>
      {never.length > 0 && (
        <span className="note" role="status">
          {t("alarmForm.notShelvableMany", { count: never.length, names: never.map((alarm) => alarm.name).join(", ") })}
        </span>
      )}
      {shelved && (
        <span className="note">
          {t("alarms.shelfNow")}: <Remaining alarm={shelved} /> {shelved.silent_by}
        </span>
      )}
      <div>
        <SegmentedControl
          fullWidth
          transitionDuration={0}
          aria-label={t("alarms.for")}
          value={value.preset}
          onChange={(preset) => onChange({ ...value, preset: preset as Preset })}
          data={offered.map((preset) => ({ value: preset, label: t(`alarms.presets.${preset}`) }))}
        />
        <Text size="xs" className="muted" mt={4} aria-live="off">
          {seconds === null ? t("alarms.untilLongest") : t("alarms.until", { time: formatTime(now + seconds), left: countdown(seconds) })}
          {offered.length < PRESETS.length && ` ${t("alarms.tooLong")}`}
        </Text>
      </div>
      <Checkbox label={t("alarms.once")} checked={value.once} onChange={(event) => onChange({ ...value, once: event.currentTarget.checked })} />
      <Textarea label={t("form.reason")} value={value.reason} onChange={(event) => onChange({ ...value, reason: event.currentTarget.value })} maxLength={500} required data-autofocus />
    </Stack>
  );
}
