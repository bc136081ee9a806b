/** The strips of a dashboard where they lie; in one column on a phone. */
import { Button, VisuallyHidden } from "@mantine/core";
import { useState, type CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "@/ui/page";
import { added, EMPTY, STRIPS_MAX, titleOf, type DraftStrip, type StripWords } from "./draft";
import { rowsOf } from "./grid";
import { StripCard } from "./strip-card";
import { StripDialog } from "./strip-dialog";
import { StripTools } from "./strip-tools";
import type { DashboardState } from "./use-dashboard";

const NOBODY: readonly string[] = [];

export function DashboardGrid({ state, full }: { state: DashboardState; full: boolean }) {
  const { t } = useTranslation();
  const { strips, saved, editing, change } = state;
  /** The strip that is being described; -1: a new one. */
  const [asked, setAsked] = useState<number | null>(null);
  const [told, setTold] = useState("");
  const gone = saved?.gone ?? NOBODY;
  const take = (next: readonly DraftStrip[], one: DraftStrip | undefined): void => {
    change(next);
    setTold(one === undefined ? "" : t("dashboards.place", { title: titleOf(one), x: one.x + 1, y: one.y + 1, width: one.width, height: one.height }));
  };
  const describe = (strip: StripWords): void => change(asked === -1 ? added(strips, strip) : strips.map((one, at) => (at === asked ? { ...one, ...strip } : one)));
  return (
    <>
      <VisuallyHidden role="status">{told}</VisuallyHidden>
      {strips.length === 0 && <Empty title={t("dashboards.noStrips")} hint={t(editing ? "dashboards.noStripsHint" : "dashboards.noStripsView")} />}
      <div className="dash-grid" data-full={full} style={{ "--dash-rows": Math.max(1, rowsOf(strips)) } as CSSProperties}>
        {strips.map((strip, at) => (
          <StripCard
            key={strip.key}
            strip={strip}
            gone={gone}
            tools={editing ? <StripTools strips={strips} at={at} onStrips={take} onEdit={() => setAsked(at)} /> : undefined}
          />
        ))}
      </div>
      {editing && (
        <div className="dash-add">
          <Button size="xs" variant="default" disabled={strips.length >= STRIPS_MAX} onClick={() => setAsked(-1)}>
            {t("dashboards.addStrip")}
          </Button>
          {strips.length >= STRIPS_MAX && <span className="muted">{t("dashboards.fullStrips")}</span>}
        </div>
      )}
      {asked !== null && (
        <StripDialog title={t(asked === -1 ? "dashboards.addStrip" : "dashboards.editStrip")} strip={strips[asked] ?? EMPTY} onStrip={describe} onClose={() => setAsked(null)} />
      )}
    </>
  );
}
