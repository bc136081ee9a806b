/** Pens over time: the record, continued live. The pens, the span and what is shown are in the address. */
import { useComputedColorScheme } from "@mantine/core";
import { useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { useTagInfos } from "@/live/directory";
import { presentS } from "@/live/live";
import { formatDateTime, unitOf } from "@/ui/format";
import { Empty, Page } from "@/ui/page";
import { coloursOf, looksWord, readLooks, type Looks } from "@/ui/pen-looks";
import { penStyle } from "@/ui/pens";
import { Trend } from "@/ui/trend";
import type { Readings } from "@/ui/trend-chart";
import { INK } from "@/ui/trend-options";
import type { Note } from "@/ui/trend-notes";
import type { Span } from "@/ui/trend-range";
import { useAddressWords } from "@/ui/use-address";
import { AnnotateButton } from "./annotate-button";
import { draftOf, spanAround } from "./annotation-draft";
import { AnnotationsPanel } from "./annotations-panel";
import { Groups } from "./groups";
import { PenTable } from "./pen-table";
import { cursorWords, moved, readTrend, spanWords, stepFor, type TrendState, type Words } from "./trend-address";
import { TrendFiles } from "./trend-files";
import { spanTitle, type Legend } from "./trend-picture";
import { TrendTable } from "./trend-table";
import { TrendTools } from "./trend-tools";
import { useAnnotations } from "./use-annotations";
import { useGone } from "./use-gone";
import { useOverlay } from "./use-overlay";

const NOTHING_READ: Readings = { pointer: null, a: null, b: null };

export default function TrendsPage() {
  const { t } = useTranslation();
  const [search, set] = useAddressWords();
  const text = search.toString();
  const state = useMemo(() => readTrend(new URLSearchParams(text)), [text]);
  const looksText = search.get("looks");
  const looks = useMemo(() => readLooks(looksText), [looksText]);
  const span = useCallback((): Span => {
    const end = presentS();
    return state.span ?? { start: end - state.range, end };
  }, [state]);
  return (
    <Page title={t("nav.trends")} note={<Groups state={state} looks={looks} word={search.get("group")} set={set} />} tools={<TrendTools state={state} span={span} set={set} />}>
      {state.pens.length === 0 ? <Empty title={t("trends.none")} hint={t("trends.noneHint")} /> : <Pens state={state} looks={looks} span={span} set={set} />}
    </Page>
  );
}

interface PensProps {
  state: TrendState;
  looks: Looks;
  span(): Span;
  set(words: Words): void;
}

function Pens({ state: asWanted, looks, span, set }: PensProps) {
  const { t } = useTranslation();
  const gone = useGone(asWanted.pens);
  const state = useMemo(() => ({ ...asWanted, pens: asWanted.pens.filter((pen) => !gone.includes(pen)) }), [asWanted, gone]);
  const { pens } = state;
  const picture = useRef<HTMLCanvasElement | null>(null);
  const [readings, setReadings] = useState(NOTHING_READ);
  // As it is when the state changes: what follows the present is asked for again by itself.
  const asked = useMemo(() => span(), [span]);
  const { overlay, failed } = useOverlay(state, asked);
  const annotations = useAnnotations(state, asked);
  const { notes, open, picking } = annotations;
  const whole = useMemo(() => ({ ...overlay, notes, openNote: open }), [overlay, notes, open]);
  const legend = useLegend(pens, looks, span, notes);
  const step = state.step ?? stepFor(asked);
  const pick = (picked: Span): void => {
    annotations.pick(false);
    annotations.write(draftOf(picked, pens));
  };
  const remove = (tag: string): void => set({ pens: asWanted.pens.filter((pen) => pen !== tag).join(",") });
  return (
    <div className="trends">
      <div className="trends-files">
        {gone.length > 0 && (
          <span className="chip chip-bad" role="status">
            {t("saved.gone", { count: gone.length, tags: gone.join(", ") })}
          </span>
        )}
        {state.compare > 0 && <span className="muted">{t("trends.compared", { period: t(`trends.compareWith.${state.compare}`) })}</span>}
        {failed !== null && (
          <span className="chip chip-bad" role="alert" title={words(failed)}>
            {t("trends.noAlarms")}
          </span>
        )}
        {annotations.failed !== null && (
          <span className="chip chip-bad" role="alert" title={words(annotations.failed)}>
            {t("trends.annotations.failed")}
          </span>
        )}
        {!state.table && state.notes && <AnnotateButton annotations={annotations} state={state} span={span} />}
        <TrendFiles pens={pens} span={span} step={state.table ? step : null} picture={state.table ? null : picture} legend={legend} />
      </div>
      {state.table ? (
        <TrendTable pens={pens} span={asked} step={step} onStep={(next) => set({ step: next })} />
      ) : (
        <>
          <div className="panel trends-chart">
            <Trend
              tags={pens}
              looks={looks}
              rangeS={state.range}
              span={state.span}
              compareS={state.compare}
              overlay={whole}
              picture={picture}
              onRead={setReadings}
              onSpan={(next) => set(spanWords(next))}
              onPick={picking ? pick : null}
              onNote={annotations.show}
              onClick={(time) => state.cursors && set(cursorWords(moved(state.cursors, time)))}
            />
          </div>
          <AnnotationsPanel annotations={annotations} pens={pens} onLook={(one) => set(spanWords(spanAround(one, span(), presentS())))} />
          <PenTable pens={pens} looks={looks} readings={readings} onRemove={remove} onLook={(tag, look) => set({ looks: looksWord(new Map([...looks, [tag, look]]), asWanted.pens) })} />
        </>
      )}
    </div>
  );
}

/** What is written on a picture of the trend. */
function useLegend(pens: readonly string[], looks: Looks, span: () => Span, notes: readonly Note[]): () => Legend {
  const scheme = useComputedColorScheme("light");
  const tags = useTagInfos(pens);
  const colours = coloursOf(pens, looks);
  return () => ({
    title: spanTitle(span()),
    background: INK[scheme].field,
    ink: INK[scheme].strong,
    notes: notes.map(({ number, start, text }) => `[${number}]  ${formatDateTime(start)}  ${text}`),
    pens: pens.map((pen, at) => {
      const tag = tags.get(pen);
      const unit = unitOf(tag);
      return { colour: penStyle(colours[at] ?? at)[scheme], text: [pen, tag?.description, unit && `[${unit}]`].filter(Boolean).join("  ") };
    }),
  });
}
