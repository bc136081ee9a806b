/** How one pen is drawn: colour, axis and its limits, steps or slopes. */
import { Button, Checkbox, Group, Modal, NativeSelect, NumberInput, Stack } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { PenLook, PenStyle } from "@/api/displays";
import { useTagInfo } from "@/live/directory";
import { ownUnitOf } from "./format";
import { isRange, PLAIN } from "./pen-looks";
import { PenMark } from "./pen-mark";
import { MAX_PENS } from "./pens";

interface Props {
  tag: string;
  /** Its place among the pens, from 0. */
  at: number;
  look: PenLook | undefined;
  onLook(look: PenLook): void;
  onClose(): void;
}

const STYLES: PenStyle[] = ["auto", "line", "step"];

export function PenLookDialog({ tag, at, look = PLAIN, onLook, onClose }: Props) {
  const { t } = useTranslation();
  const info = useTagInfo(tag);
  const [draft, setDraft] = useState(look);
  const set = (fields: Partial<PenLook>): void => setDraft({ ...draft, ...fields });
  const free = draft.low === null && draft.high === null;
  const good = free || isRange(draft.low, draft.high);
  const numeric = info === undefined || info.type === "float" || info.type === "int";
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!good) return;
    onLook(draft);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t("looks.title", { tag })} centered>
      <form onSubmit={submit}>
        <Stack gap={12}>
          <Colours at={at} colour={draft.colour} onColour={(colour) => set({ colour })} />
          <Checkbox label={t("looks.ownAxis")} checked={draft.own_axis} onChange={(event) => set({ own_axis: event.currentTarget.checked })} />
          {numeric && (
            <>
              <AxisLimits low={draft.low} high={draft.high} unit={ownUnitOf(info)} onLimits={set} />
              <NativeSelect
                label={t("looks.style")}
                value={draft.style}
                onChange={(event) => set({ style: event.currentTarget.value as PenStyle })}
                data={STYLES.map((value) => ({ value, label: t(`looks.styles.${value}`) }))}
              />
            </>
          )}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={() => setDraft(PLAIN)}>
              {t("looks.plain")}
            </Button>
            <Button variant="default" onClick={onClose}>
              {t("common.cancel")}
            </Button>
            <Button type="submit" disabled={!good}>
              {t("looks.take")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Colours({ at, colour, onColour }: { at: number; colour: number; onColour(colour: number): void }) {
  const { t } = useTranslation();
  const places = Array.from({ length: MAX_PENS }, (_, place) => place);
  return (
    <fieldset className="pen-colours">
      <legend>{t("looks.colour")}</legend>
      <button type="button" aria-pressed={colour === 0} onClick={() => onColour(0)}>
        <PenMark at={at} bare /> {t("looks.usual")}
      </button>
      {places.map((place) => (
        <button key={place} type="button" aria-pressed={colour === place + 1} aria-label={t("looks.colourOf", { place: place + 1 })} onClick={() => onColour(place + 1)}>
          <PenMark at={place} />
        </button>
      ))}
    </fieldset>
  );
}

interface LimitsProps {
  low: number | null;
  high: number | null;
  unit: string;
  onLimits(limits: { low?: number | null; high?: number | null }): void;
}

const numberOf = (value: number | string): number | null => (value === "" || !Number.isFinite(Number(value)) ? null : Number(value));

/** Both limits, or neither for what is seen. */
export function AxisLimits({ low, high, unit, onLimits }: LimitsProps) {
  const { t } = useTranslation();
  const wrong = (low !== null || high !== null) && !isRange(low, high);
  const suffix = unit === "" ? {} : { suffix: ` ${unit}` };
  return (
    <Group gap={8} align="flex-start" grow>
      <NumberInput label={t("looks.low")} placeholder={t("looks.auto")} value={low ?? ""} onChange={(value) => onLimits({ low: numberOf(value) })} error={wrong} hideControls {...suffix} />
      <NumberInput
        label={t("looks.high")}
        placeholder={t("looks.auto")}
        value={high ?? ""}
        onChange={(value) => onLimits({ high: numberOf(value) })}
        error={wrong ? t("looks.wrongLimits") : undefined}
        hideControls
        {...suffix}
      />
    </Group>
  );
}
