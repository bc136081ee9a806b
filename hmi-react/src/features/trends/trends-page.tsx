/** Pens over time: back-filled from history, continued live. The pens and the range are in the address. */
import { Button, SegmentedControl } from "@mantine/core";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { Empty, Page } from "@/ui/page";
import { MAX_PENS } from "@/ui/pens";
import { Trend } from "@/ui/trend";
import type { Cursor } from "@/ui/trend-chart";
import { PenPicker } from "./pen-picker";
import { PenTable } from "./pen-table";

const RANGES = [600, 3600, 28_800, 86_400] as const;

/** The pens that the address names, each once, not too many. */
export function pensOf(text: string | null): string[] {
  return [...new Set((text ?? "").split(",").filter(Boolean))].slice(0, MAX_PENS);
}

export default function TrendsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const pens = pensOf(search.get("pens"));
  const asked = Number(search.get("range"));
  const range = RANGES.find((one) => one === asked) ?? 600;
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const [release, setRelease] = useState<(() => void) | null>(null);
  const hold = useCallback((next: (() => void) | null) => setRelease(() => next), []);
  const set = (name: string, value: string): void =>
    setSearch(
      (now) => {
        if (value) now.set(name, value);
        else now.delete(name);
        return now;
      },
      { replace: true },
    );
  const setPens = (next: readonly string[]): void => set("pens", next.join(","));
  const tools = (
    <>
      <PenPicker pens={pens} onAdd={(tag) => setPens([...pens, tag])} />
      <SegmentedControl
        size="xs"
        transitionDuration={0}
        aria-label={t("trends.range")}
        value={String(range)}
        onChange={(value) => set("range", value)}
        data={RANGES.map((one) => ({ value: String(one), label: t(`trends.ranges.${one}`) }))}
      />
      {release ? (
        <Button size="xs" onClick={release}>
          {t("trends.back")}
        </Button>
      ) : (
        <span className="chip trends-live" title={t("trends.zoomHint")}>
          {t("trends.following")}
        </span>
      )}
    </>
  );
  return (
    <Page title={t("nav.trends")} tools={tools}>
      {pens.length === 0 ? (
        <Empty title={t("trends.none")} hint={t("trends.noneHint")} />
      ) : (
        <div className="trends">
          <div className="panel trends-chart">
            <Trend tags={pens} rangeS={range} onCursor={setCursor} onHold={hold} />
          </div>
          <PenTable pens={pens} cursor={cursor} onRemove={(tag) => setPens(pens.filter((pen) => pen !== tag))} />
        </div>
      )}
    </Page>
  );
}
