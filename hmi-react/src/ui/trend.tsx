/** A trend that a page can place: keeps its model, fetches the chart code when first needed. */
import { Skeleton } from "@mantine/core";
import { lazy, Suspense, useEffect, useMemo, useReducer } from "react";
import { useTagInfos } from "@/live/directory";
import { Problem } from "./page";
import { TrendModel } from "./trend-model";
import type { TrendMarks } from "./trend-marks";
import { penOf, type PenView } from "./trend-options";
import type { Cursor } from "./trend-chart";

const TrendChart = lazy(() => import("./trend-chart"));

interface Props {
  tags: readonly string[];
  rangeS: number;
  compact?: boolean;
  marks?: TrendMarks | null;
  onCursor?: (cursor: Cursor | null) => void;
  /** Told whether the trend follows the present, and how to make it so. */
  onHold?: (release: (() => void) | null) => void;
}

function usePens(tags: readonly string[]): PenView[] {
  const infos = useTagInfos(tags);
  const key = tags.join(",");
  return useMemo(() => key.split(",").filter(Boolean).map((name) => penOf(name, infos.get(name))), [infos, key]);
}

export function Trend({ tags, rangeS, compact = false, marks = null, onCursor, onHold }: Props) {
  const pens = usePens(tags);
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const key = tags.join(",");
  const model = useMemo(() => new TrendModel(key.split(",").filter(Boolean), rangeS, redraw), [key, rangeS]);
  useEffect(() => {
    onHold?.(null);
    return model.start();
  }, [model, onHold]);
  const zoom = (start: number, end: number): void => {
    model.hold({ start, end });
    onHold?.(() => {
      model.hold(null);
      onHold(null);
    });
  };
  return (
    <>
      {model.error !== null && <Problem error={model.error} retry={() => void model.reload()} />}
      <Suspense fallback={<Skeleton height="100%" />}>
        <TrendChart model={model} pens={pens} compact={compact} marks={marks} {...(onCursor ? { onCursor } : {})} {...(onHold ? { onZoom: zoom } : {})} />
      </Suspense>
    </>
  );
}
