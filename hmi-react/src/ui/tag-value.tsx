/** The one way in which a live value is written: figure, unit, quality, staleness. */
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "./badges";
import { describe, useShown } from "./live-tag";

interface Props {
  name: string;
  /** Leave the unit to a column heading or neighbour. */
  bare?: boolean;
  /** Write the reason beside the badge, not only into the tooltip. */
  explain?: boolean;
  size?: number;
}

export const TagValue = memo(function TagValue({ name, bare = false, explain = false, size }: Props) {
  const { t } = useTranslation();
  const shown = useShown(name);
  return (
    <span
      className="value"
      data-testid={`tag-value-${name}`}
      data-severity={shown.severity}
      data-live={shown.live}
      title={describe(name, shown)}
      style={size === undefined ? undefined : { fontSize: size }}
    >
      {shown.severity === "BAD" && <Badge kind="bad" label={t("value.bad", { reason: shown.reason })} />}
      {!shown.live && <Badge kind="stale" label={t("value.stale")} />}
      {shown.forced && <Badge kind="forced" label={t("value.forced")} />}
      <span className="value-figure">{shown.text}</span>
      {!bare && shown.unit && <span className="value-unit">{shown.unit}</span>}
      {explain && shown.severity !== "GOOD" && <span className="value-reason">{shown.reason}</span>}
    </span>
  );
});
