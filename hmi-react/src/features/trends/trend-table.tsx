/** The pens of a trend as a table: all of them at the same instants. */
import { SegmentedControl } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { fetchTable, type TablePage } from "@/api/history";
import type { Value } from "@/api/types";
import { useTagInfos } from "@/live/directory";
import { displayZone } from "@/ui/display";
import { EndlessTable } from "@/ui/endless-table";
import { formatDateTime, formatValue, unitOf } from "@/ui/format";
import { isBad, qualityWords, severityOf } from "@/ui/quality";
import type { Column } from "@/ui/table-columns";
import type { Span } from "@/ui/trend-range";
import { STEPS, type Step } from "./trend-address";

interface Row {
  time: number;
  value: Value[];
  quality: number[];
}

interface Props {
  pens: readonly string[];
  span: Span;
  step: Step;
  onStep(step: Step): void;
}

/** The columns of a page as rows, the pens in their order. */
export function rowsOf(page: TablePage, pens: readonly string[]): Row[] {
  const series = pens.map((pen) => page.series.find((one) => one.tag === pen));
  return page.time.map((time, at) => ({ time, value: series.map((one) => one?.value[at] ?? null), quality: series.map((one) => one?.quality[at] ?? 0) }));
}

export function TrendTable({ pens, span, step, onStep }: Props) {
  const { t } = useTranslation();
  const tags = useTagInfos(pens);
  const query = useInfiniteQuery({
    queryKey: ["history", "table", pens, span.start, span.end, step],
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }) => {
      const page = await fetchTable({ tags: pens, ...span, step, tz: displayZone() || "UTC" }, pageParam, signal);
      return { items: rowsOf(page, pens), next: page.next };
    },
    getNextPageParam: (page) => page.next,
  });
  const columns = useMemo((): Column<Row>[] => {
    const time: Column<Row> = { id: "time", header: t("trends.time"), width: "170px", value: (row) => row.time, cell: (row) => formatDateTime(row.time) };
    const values = pens.map((pen, at): Column<Row> => {
      const tag = tags.get(pen);
      const unit = unitOf(tag);
      return {
        id: pen,
        header: unit ? `${pen} ${unit}` : pen,
        width: "minmax(110px, 1fr)",
        align: "right",
        value: (row) => row.value[at],
        cell: (row) => <Cell value={row.value[at] ?? null} quality={row.quality[at] ?? 0} text={formatValue(row.value[at] ?? null, tag)} />,
      };
    });
    return [time, ...values];
  }, [pens, tags, t]);
  return (
    <EndlessTable
      name="trend"
      label={t("nav.trends")}
      columns={columns}
      query={query}
      rowKey={(row) => String(row.time)}
      tools={
        <SegmentedControl size="xs" transitionDuration={0} aria-label={t("trends.step")} value={step} onChange={(value) => onStep(value as Step)} data={[...STEPS]} />
      }
      empty={t("trends.noRows")}
    />
  );
}

function Cell({ value, quality, text }: { value: Value; quality: number; text: string }) {
  if (value === null || isBad(quality)) return <span className="muted" title={qualityWords(quality)}>?</span>;
  return severityOf(quality) === "GOOD" ? <span>{text}</span> : <span className="trends-unsure" title={qualityWords(quality)}>{text}</span>;
}
