/** A strip chart in words: title, pens and how they are drawn, span and limits. */
import { ActionIcon, Button, Group, Modal, NumberInput, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Pen } from "@/api/displays";
import { AxisLimits, PenLookDialog } from "@/ui/pen-look-dialog";
import { coloursOf, isRange, looksOf, PLAIN } from "@/ui/pen-looks";
import { PenMark } from "@/ui/pen-mark";
import { MAX_PENS } from "@/ui/pens";
import { TagPicker } from "@/ui/tag-picker";
import { SPAN_MAX, tagsOf, type StripWords } from "./draft";

interface Props {
  title: string;
  strip: StripWords;
  onStrip(strip: StripWords): void;
  onClose(): void;
}

const TITLE_MAX = 80;

export function StripDialog({ title, strip, onStrip, onClose }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(strip);
  const [drawn, setDrawn] = useState<string | null>(null);
  const set = (fields: Partial<StripWords>): void => setDraft({ ...draft, ...fields });
  const tags = tagsOf(draft);
  const limits = (draft.low === null && draft.high === null) || isRange(draft.low, draft.high);
  const good = tags.length > 0 && limits && Number.isInteger(draft.span_min) && draft.span_min >= 1 && draft.span_min <= SPAN_MAX;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!good) return;
    onStrip({ ...draft, title: draft.title.trim() });
    onClose();
  };
  const look = draft.pens.find((pen) => pen.tag === drawn);
  return (
    <>
      <Modal opened onClose={onClose} title={title} centered size="lg">
        <form onSubmit={submit}>
          <Stack gap={12}>
            <Pens pens={draft.pens} onPens={(pens) => set({ pens })} onDraw={setDrawn} />
            <TextInput label={t("dashboards.stripTitle")} placeholder={t("dashboards.stripTitleHint")} value={draft.title} onChange={(event) => set({ title: event.currentTarget.value })} maxLength={TITLE_MAX} />
            <NumberInput label={t("dashboards.span")} value={draft.span_min} onChange={(value) => set({ span_min: Number(value) })} min={1} max={SPAN_MAX} allowDecimal={false} suffix=" min" required />
            <div>
              <AxisLimits low={draft.low} high={draft.high} unit="" onLimits={set} />
              <span className="muted">{t("dashboards.limitsHint")}</span>
            </div>
            <Group justify="flex-end" gap={8}>
              <Button variant="default" onClick={onClose}>
                {t("common.cancel")}
              </Button>
              <Button type="submit" disabled={!good}>
                {t("dashboards.take")}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
      {look && (
        <PenLookDialog
          tag={look.tag}
          at={tags.indexOf(look.tag)}
          look={look}
          onLook={(next) => set({ pens: draft.pens.map((pen) => (pen.tag === look.tag ? { ...next, tag: pen.tag } : pen)) })}
          onClose={() => setDrawn(null)}
        />
      )}
    </>
  );
}

interface PensProps {
  pens: readonly Pen[];
  onPens(pens: Pen[]): void;
  onDraw(tag: string): void;
}

function Pens({ pens, onPens, onDraw }: PensProps) {
  const { t } = useTranslation();
  const tags = pens.map((pen) => pen.tag);
  const full = pens.length >= MAX_PENS;
  const colours = coloursOf(tags, looksOf(pens));
  return (
    <div>
      <TagPicker
        key={tags.join(",")}
        label={t("dashboards.pens")}
        value={null}
        onChange={(tag) => tag && onPens([...pens, { ...PLAIN, tag }])}
        without={tags}
        numeric
        disabled={full}
        placeholder={full ? t("dashboards.fullPens") : t("dashboards.addPen")}
        description={pens.length === 0 ? t("dashboards.noPens") : undefined}
        openOnFocus={false}
        data-autofocus
        autoFocus
      />
      <ul className="lines dash-pens">
        {pens.map((pen, at) => (
          <li key={pen.tag}>
            <button type="button" className="plain-button" title={t("looks.open", { pen: pen.tag })} aria-label={t("looks.open", { pen: pen.tag })} onClick={() => onDraw(pen.tag)}>
              <PenMark at={at} colour={colours[at]} />
            </button>
            <span className="dash-pen">{pen.tag}</span>
            <ActionIcon variant="subtle" color="gray" size={24} aria-label={t("dashboards.removePen", { pen: pen.tag })} onClick={() => onPens(pens.filter((one) => one !== pen))}>
              ✕
            </ActionIcon>
          </li>
        ))}
      </ul>
    </div>
  );
}
