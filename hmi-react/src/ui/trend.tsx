/** A trend that a page can place: keeps its model, fetches the chart code when first needed. */
import { Skeleton } from "@mantine/core";
import { lazy, Suspense, useCallback, useEffect, useMemo, useReducer, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useTagInfos } from "@/live/directory";
import { formatDateTime } from "./format";
import { Problem } from "./page";
import { looksWord, NO_LOOKS, readLooks, withLooks, type Looks } from "./pen-looks";
import type { ChartProps } from "./trend-chart";
import { TrendModel } from "./trend-model";
import { penOf, type PenView } from "./trend-options";
import { toMillis, type Span } from "./trend-range";

const TrendChart = lazy(() => import("./trend-chart"));

interface Props extends Omit<ChartProps, "model" | "pens" | "onLook"> {
  tags: readonly string[];
  /** How single pens are drawn; the others as usual. */
  looks?: Looks;
  rangeS: number;
  /** A fixed span; null follows the present. */
  span?: Span | null;
  /** Seconds by which the pens are shown earlier as well; 0: not. */
  compareS?: number;
  /** Told where the user looks, when it rests. */
  onSpan?: (span: Span) => void;
}

const COMPACT_PX = 400;
const REST_MS = 250;

/** How the pens of some tags are drawn; the same as long as their descriptions are. */
export function usePens(tags: readonly string[], looks: Looks = NO_LOOKS): PenView[] {
  const infos = useTagInfos(tags);
  const key = tags.join(",");
  const word = looksWord(looks, tags);
  return useMemo(() => {
    const usual = key.split(",").filter(Boolean).map((name) => penOf(name, infos.get(name)));
    return withLooks(usual, readLooks(word));
  }, [infos, key, word]);
}

/** Tells where the user looks once it rests: the address is not written with every turn of the wheel. */
function useResting(onSpan: ((span: Span) => void) | undefined): (span: Span) => void {
  const timer = useRef<number | undefined>(undefined);
  const latest = useRef(onSpan);
  useEffect(() => {
    latest.current = onSpan;
  }, [onSpan]);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return useCallback((span: Span) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => latest.current?.(span), REST_MS);
  }, []);
}

export function Trend({ tags, looks, rangeS, span = null, compareS = 0, onSpan, ...chart }: Props) {
  const pens = usePens(tags, looks);
  const { t } = useTranslation();
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const key = tags.join(",");
  const { compact = false } = chart;
  const model = useMemo(
    () => new TrendModel(key.split(",").filter(Boolean), { rangeS, compareS, ...(compact ? { width: COMPACT_PX } : {}) }, redraw),
    [key, rangeS, compareS, compact],
  );
  const first = useRef(span);
  useEffect(() => {
    first.current = span;
  }, [span]);
  useEffect(() => model.start(first.current), [model]);
  const start = span?.start ?? null;
  const end = span?.end ?? null;
  useEffect(() => model.look(start === null || end === null ? null : { start, end }), [model, start, end]);
  const rest = useResting(onSpan);
  const look = (to: Span): void => {
    const next = toMillis(to);
    model.look(next);
    rest(next);
  };
  return (
    <>
      {model.error !== null && <Problem error={model.error} retry={() => void model.reload()} />}
      {model.keptFrom !== null && !compact && <span className="trend-kept muted">{t("trends.keptFrom", { time: formatDateTime(model.keptFrom) })}</span>}
      <Suspense fallback={<Skeleton height="100%" />}>
        <TrendChart model={model} pens={pens} {...chart} {...(onSpan ? { onLook: look } : {})} />
      </Suspense>
    </>
  );
}
