/** Begins an annotation: asks the chart where, or takes the period that is shown or the fixed cursors. */
import { Button } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import type { Span } from "@/ui/trend-range";
import { draftOf } from "./annotation-draft";
import type { TrendState } from "./trend-address";
import type { Annotations } from "./use-annotations";

interface Props {
  annotations: Annotations;
  state: TrendState;
  span(): Span;
}

export function AnnotateButton({ annotations, state, span }: Props) {
  const { t } = useTranslation();
  const { picking, pick, write } = annotations;
  useEffect(() => {
    if (!picking) return undefined;
    const leave = (event: KeyboardEvent): void => {
      if (event.key === "Escape") pick(false);
    };
    window.addEventListener("keydown", leave);
    return () => window.removeEventListener("keydown", leave);
  }, [picking, pick]);
  if (!useMay("operator")) return null;
  const take = (of: Span): void => {
    pick(false);
    write(draftOf(of, state.pens));
  };
  const { cursors } = state;
  return (
    <>
      {picking && (
        <span className="trends-pick" role="status">
          {t("trends.annotations.pick")}
          <Button size="compact-xs" variant="default" onClick={() => take(span())}>
            {t("trends.annotations.shown")}
          </Button>
          {cursors && (
            <Button size="compact-xs" variant="default" onClick={() => take({ start: Math.min(cursors.a, cursors.b), end: Math.max(cursors.a, cursors.b) })}>
              {t("trends.annotations.between")}
            </Button>
          )}
        </span>
      )}
      <Button size="xs" variant={picking ? "filled" : "default"} aria-pressed={picking} onClick={() => pick(!picking)}>
        {t("trends.annotations.add")}
      </Button>
    </>
  );
}
