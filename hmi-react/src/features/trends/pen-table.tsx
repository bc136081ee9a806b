/** The pens below a trend: colour, name, value now and at the cursor. */
import { ActionIcon, useComputedColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useTagInfos } from "@/live/directory";
import { useFaceplate } from "@/ui/faceplate-link";
import { formatDateTime, formatShown, unitOf } from "@/ui/format";
import { penStyle } from "@/ui/pens";
import { TagValue } from "@/ui/tag-value";
import type { Cursor } from "@/ui/trend-chart";

interface Props {
  pens: readonly string[];
  cursor: Cursor | null;
  onRemove(tag: string): void;
}

export function PenTable({ pens, cursor, onRemove }: Props) {
  const { t } = useTranslation();
  const { open } = useFaceplate();
  const index = useTagInfos(pens);
  const scheme = useComputedColorScheme("light");
  return (
    <div className="panel pen-table">
      <table>
        <thead>
          <tr>
            <th aria-label={t("trends.colour")} />
            <th>{t("tags.name")}</th>
            <th className="pen-wide">{t("tags.description")}</th>
            <th className="number">{t("trends.now")}</th>
            <th className="number">{cursor ? formatDateTime(cursor.time) : t("trends.cursor")}</th>
            <th>{t("tags.unit")}</th>
            <th aria-label={t("trends.removeHead")} />
          </tr>
        </thead>
        <tbody>
          {pens.map((pen, at) => {
            const style = penStyle(at);
            const tag = index.get(pen);
            const value = cursor?.values[at];
            return (
              <tr key={pen}>
                <td aria-label={t("trends.colour")}>
                  <svg width={28} height={10} aria-hidden>
                    <path d="M0 5H28" stroke={style[scheme]} strokeWidth={3} strokeDasharray={style.dash.join(" ")} />
                  </svg>
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
                <td className="number">{cursor ? formatShown(value ?? null, tag) : ""}</td>
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
    </div>
  );
}
