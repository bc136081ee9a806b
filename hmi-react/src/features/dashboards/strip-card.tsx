/** A strip chart: its title, the lines of its span up to the present, and its pens with what they are now. */
import { ActionIcon } from "@mantine/core";
import type { CSSProperties, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMissing, useTagInfos } from "@/live/directory";
import { useFaceplate } from "@/ui/faceplate-link";
import { coloursOf } from "@/ui/pen-looks";
import { PenMark } from "@/ui/pen-mark";
import { TagValue } from "@/ui/tag-value";
import { Trend } from "@/ui/trend";
import type { Overlay } from "@/ui/trend-overlay";
import { looksIn, spanText, tagsOf, titleOf, trendOf, type DraftStrip } from "./draft";

/** Nothing beside the lines but the numbers of the pens at their ends. */
const NUMBERS: Overlay = { limits: [], periods: [], cursors: null };

interface Props {
  strip: DraftStrip;
  /** Tags that are not there, as the runtime told with the dashboard. */
  gone: readonly string[];
  /** In place of the link to Trends while the dashboard is edited. */
  tools?: ReactNode;
}

export function StripCard({ strip, gone, tools }: Props) {
  const { t } = useTranslation();
  const title = titleOf(strip);
  const missing = useMissing(tagsOf(strip));
  // A tag that is gone has no record that could be asked for.
  const isGone = (tag: string): boolean => gone.includes(tag) || missing.includes(tag);
  const known = tagsOf(strip).filter((tag) => !isGone(tag));
  // As the custom properties that the style sheet leaves out on a phone.
  const place = { "--dash-column": `${strip.x + 1} / span ${strip.width}`, "--dash-row": `${strip.y + 1} / span ${strip.height}` } as CSSProperties;
  return (
    <section className="panel dash-strip" style={place} aria-label={title}>
      <header className="dash-head">
        <h2 className="dash-title" title={title}>
          {title}
        </h2>
        <span className="muted">{t("dashboards.lastOf", { period: spanText(strip.span_min) })}</span>
        {tools ?? (
          <ActionIcon component={Link} to={trendOf(strip)} variant="subtle" color="gray" size={24} aria-label={t("dashboards.openTrend", { title })} title={t("dashboards.openTrend", { title })}>
            ↗
          </ActionIcon>
        )}
      </header>
      <div className="dash-chart">{known.length > 0 && <Trend tags={known} looks={looksIn(strip)} rangeS={strip.span_min * 60} overlay={NUMBERS} />}</div>
      <Legend strip={strip} known={known} />
    </section>
  );
}

function Legend({ strip, known }: { strip: DraftStrip; known: readonly string[] }) {
  const { t } = useTranslation();
  const { open } = useFaceplate();
  const infos = useTagInfos(known);
  const colours = coloursOf(known, looksIn(strip));
  return (
    <ul className="dash-legend">
      {strip.pens.map((pen) => {
        const at = known.indexOf(pen.tag);
        if (at === -1)
          return (
            <li key={pen.tag}>
              <s>{pen.tag}</s> <span className="chip chip-bad">{t("saved.goneTag")}</span>
            </li>
          );
        return (
          <li key={pen.tag}>
            <PenMark at={at} colour={colours[at]} bare={known.length < 2} />
            <button type="button" className="plain-button link" title={infos.get(pen.tag)?.description} onClick={() => open({ tag: pen.tag })}>
              {pen.tag}
            </button>
            <TagValue name={pen.tag} />
          </li>
        );
      })}
    </ul>
  );
}
