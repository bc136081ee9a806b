/** Takes away what is seen: the samples as CSV, the chart as a picture. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { exportHistory } from "@/api/history";
import { displayZone } from "@/ui/display";
import { download } from "@/ui/table-columns";
import type { Span } from "@/ui/trend-range";
import { fileName, pictureOf, type Legend } from "./trend-picture";

interface Props {
  pens: readonly string[];
  span(): Span;
  /** Of the table; null: as it was recorded. */
  step: string | null;
  picture: RefObject<HTMLCanvasElement | null> | null;
  legend(): Legend;
}

export function TrendFiles({ pens, span, step, picture, legend }: Props) {
  const { t } = useTranslation();
  const csv = useMutation({
    mutationFn: async () => {
      const asked = span();
      download(fileName(asked, "csv"), await exportHistory({ tags: pens, ...asked, tz: displayZone() || "UTC", step }));
    },
  });
  const png = useMutation({
    mutationFn: async () => {
      const canvas = picture?.current;
      if (canvas) download(fileName(span(), "png"), await pictureOf(canvas, legend()));
    },
  });
  const error: unknown = csv.error ?? png.error;
  return (
    <>
      <Button size="xs" variant="default" loading={csv.isPending} onClick={() => csv.mutate()}>
        {t("trends.csv")}
      </Button>
      {picture && (
        <Button size="xs" variant="default" onClick={() => png.mutate()}>
          {t("trends.png")}
        </Button>
      )}
      {error !== null && (
        <span className="chip chip-bad" role="alert">
          {words(error)}
        </span>
      )}
    </>
  );
}
