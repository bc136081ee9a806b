/** What can be done to a strip while its dashboard is edited, all of it by keyboard too. */
import { ActionIcon, Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { titleOf, type DraftStrip } from "./draft";
import { moved, sized } from "./grid";

interface Props {
  strips: readonly DraftStrip[];
  at: number;
  onStrips(strips: readonly DraftStrip[], told: DraftStrip | undefined): void;
  onEdit(): void;
}

export function StripTools({ strips, at, onStrips, onEdit }: Props) {
  const { t } = useTranslation();
  const strip = strips[at];
  if (strip === undefined) return null;
  const title = titleOf(strip);
  const place = (next: readonly DraftStrip[]): void => onStrips(next, next[at]);
  const moves = [
    ["left", "◀", () => moved(strips, at, -1, 0)],
    ["up", "▲", () => moved(strips, at, 0, -1)],
    ["down", "▼", () => moved(strips, at, 0, 1)],
    ["right", "▶", () => moved(strips, at, 1, 0)],
  ] as const;
  const sizes = [
    ["narrower", "↔−", () => sized(strips, at, -1, 0)],
    ["wider", "↔+", () => sized(strips, at, 1, 0)],
    ["lower", "↕−", () => sized(strips, at, 0, -1)],
    ["taller", "↕+", () => sized(strips, at, 0, 1)],
  ] as const;
  return (
    <span className="dash-tools">
      {[moves, sizes].map((group) => (
        <ActionIcon.Group key={group[0][0]} className="dash-places">
          {group.map(([name, sign, next]) => (
            <ActionIcon key={name} variant="default" size={26} aria-label={t(`dashboards.${name}`, { title })} title={t(`dashboards.${name}`, { title })} onClick={() => place(next())}>
              {sign}
            </ActionIcon>
          ))}
        </ActionIcon.Group>
      ))}
      <Button size="compact-xs" variant="default" aria-label={t("dashboards.change", { title })} onClick={onEdit}>
        {t("dashboards.edit")}
      </Button>
      <ActionIcon variant="default" size={26} aria-label={t("dashboards.removeStrip", { title })} title={t("dashboards.removeStrip", { title })} onClick={() => onStrips(strips.filter((_, index) => index !== at), undefined)}>
        ✕
      </ActionIcon>
    </span>
  );
}
