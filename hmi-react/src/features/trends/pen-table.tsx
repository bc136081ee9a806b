/** The pens below a trend: colour, number, name, value now, at the pointer and at the fixed cursors. */
import { ActionIcon } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PenLook } from "@/api/displays";
import type { TagView, Value } from "@/api/types";
import { useTagInfos } from "@/live/directory";
import { useFaceplate } from "@/ui/faceplate-link";
import { formatDateTime, formatDuration, formatShown, unitOf } from "@/ui/format";
import { PenLookDialog } from "@/ui/pen-look-dialog";
import { coloursOf, type Looks } from "@/ui/pen-looks";
import { PenMark } from "@/ui/pen-mark";
import { TagValue } from "@/ui/tag-value";
import type { Readings } from "@/ui/trend-chart";
import { differenceOf } from "./reading";

interface Props {
  pens: readonly string[];
  looks: Looks;
  readings: Readings;
  onRemove(tag: string): void;
  onLook(tag: string, look: PenLook): void;
}

export function PenTable({ pens, looks, readings, onRemove, onLook }: Props) {
  const { t } = useTranslation();
  const { open } = useFaceplate();
  const index = useTagInfos(pens);
  const { pointer, a, b } = readings;
  const colours = coloursOf(pens, looks);
  const [drawn, setDrawn] = useState<string | null>(null);
  return (
    <div className="panel pen-table">
      <table>
        <thead>
          <tr>
            <th aria-label={t("trends.pen")} />
            <th>{t("tags.name")}</th>
            <th className="pen-wide">{t("tags.description")}</th>
            <th className="number">{t("trends.now")}</th>
            <th className="number pen-cursor">{pointer ? formatDateTime(pointer.time) : t("trends.cursor")}</th>
            {a && b && (
              <>
                <th className="number">A {formatDateTime(a.time)}</th>
                <th className="number">B {formatDateTime(b.time)}</th>
                <th className="number">
                  {t("trends.difference")} {b.time < a.time ? "−" : ""}
                  {formatDuration(Math.abs(b.time - a.time))}
                </th>
              </>
            )}
            <th>{t("tags.unit")}</th>
            <th aria-label={t("trends.removeHead")} />
          </tr>
        </thead>
        <tbody>
          {pens.map((pen, at) => {
            const tag = index.get(pen);
            return (
              <tr key={pen}>
                <td>
                  <button type="button" className="plain-button" title={t("looks.open", { pen })} aria-label={t("looks.open", { pen })} onClick={() => setDrawn(pen)}>
                    <PenMark at={at} colour={colours[at]} />
                  </button>
                </td>
                <td>
                  <button type="button" className="plain-button link" onClick={() => open({ tag: pen })}>
                    {pen}
                  </button>
                </td>
                <td className="pen-wide">{tag?.description}</td>
                <td className="number">
                  <TagValue name={pen} bare />
                </td>
                <td className="number">{pointer ? formatShown(worded(pointer.values[at], tag), tag) : ""}</td>
                {a && b && (
                  <>
                    <td className="number">{formatShown(worded(a.values[at], tag), tag)}</td>
                    <td className="number">{formatShown(worded(b.values[at], tag), tag)}</td>
                    <td className="number">{formatShown(differenceOf(a.values[at], b.values[at], tag), tag)}</td>
                  </>
                )}
                <td className="muted">{unitOf(tag)}</td>
                <td className="number">
                  <ActionIcon size={24} variant="subtle" color="gray" onClick={() => onRemove(pen)} aria-label={t("trends.remove", { pen })}>
                    ✕
                  </ActionIcon>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {drawn !== null && <PenLookDialog tag={drawn} at={pens.indexOf(drawn)} look={looks.get(drawn)} onLook={(look) => onLook(drawn, look)} onClose={() => setDrawn(null)} />}
    </div>
  );
}

const worded = (value: number | null | undefined, tag: TagView | undefined): Value => (tag === undefined ? null : (value ?? null));
