/** Chooses a span of time for the address: one that ends now, or from and to in the zone that the user wants. */
import { SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { presentS } from "@/live/live";
import { boundsOf, fieldText, instantText, isOrdered, PRESETS, readField, type Period } from "./period";
import { zoneName } from "./format";

type Words = Record<"period" | "from" | "to", string | null>;

interface Props {
  period: Period;
  presets?: readonly (typeof PRESETS)[number][];
  /** The words of the address that name the period. */
  onChange(words: Words): void;
}

export function PeriodPicker({ period, presets = PRESETS, onChange }: Props) {
  const { t } = useTranslation();
  const choose = (value: string): void => {
    if (value !== "custom") return onChange({ period: value, from: null, to: null });
    const { start } = boundsOf(period, presentS());
    return onChange({ period: null, from: instantText(start ?? presentS()), to: instantText(presentS()) });
  };
  const data = [...presets.map((one) => ({ value: one as string, label: t(`period.presets.${one}`) })), { value: "custom", label: t("period.custom") }];
  const set = (name: "from" | "to", seconds: number | null): void => {
    if (period.preset !== null) return;
    const next = { ...period, [name]: seconds };
    onChange({ period: null, from: next.from === null ? null : instantText(next.from), to: next.to === null ? null : instantText(next.to) });
  };
  return (
    <div className="period">
      <SegmentedControl size="xs" transitionDuration={0} aria-label={t("period.name")} value={period.preset ?? "custom"} onChange={choose} data={data} />
      {period.preset === null && (
        <span className="period-custom">
          <Instant label={t("period.from")} value={period.from} onChange={(seconds) => set("from", seconds)} />
          <span aria-hidden>–</span>
          <Instant label={t("period.to")} value={period.to} onChange={(seconds) => set("to", seconds)} wrong={!isOrdered(period)} />
          <span className="muted">{zoneName(new Date((period.from ?? presentS()) * 1000))}</span>
          {!isOrdered(period) && (
            <span className="chip chip-bad" role="alert">
              {t("period.order")}
            </span>
          )}
        </span>
      )}
    </div>
  );
}

interface InstantProps {
  label: string;
  value: number | null;
  wrong?: boolean;
  onChange(seconds: number | null): void;
}

/** A field that is taken over when it is left, or with Enter: half of a date is no date. */
function Instant({ label, value, wrong = false, onChange }: InstantProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = fieldText(value);
  const take = (): void => {
    if (typed !== null && typed !== shown) onChange(readField(typed));
    setTyped(null);
  };
  return (
    <TextInput
      size="xs"
      type="datetime-local"
      max="9999-12-31T23:59"
      aria-label={label}
      title={label}
      value={typed ?? shown}
      error={wrong}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === "Enter" && take()}
    />
  );
}
