/** The one way in which a live value is written: figure, unit, quality, staleness. */
import { t } from "i18next";
import { memo, useCallback, useLayoutEffect, useRef, useSyncExternalStore, type MouseEvent } from "react";
import { useTagInfo } from "@/live/directory";
import { tagStore, useIsLive } from "@/live/live";
import { Badge } from "./badges";
import { formatValue } from "./format";
import { describe, shownOf } from "./live-tag";

interface Props {
  name: string;
  /** Leave the unit to a column heading or neighbour. */
  bare?: boolean;
  /** Write the reason beside the badge, not only into the tooltip. */
  explain?: boolean;
  size?: number;
}

const UNKNOWN = -2;
const NOTHING = -1;

/** What decides the look beside the figure itself, as one number: quality, no sample yet, or no such tag. */
function lookOf(name: string): number {
  if (tagStore.isUnknown(name)) return UNKNOWN;
  return tagStore.get(name)?.quality ?? NOTHING;
}

/** Figure with its marks. React draws only when the look changes; the figure is written straight into the page, so a thousand cost little. */
export const TagValue = memo(function TagValue({ name, bare = false, explain = false, size }: Props) {
  const tag = useTagInfo(name);
  const connected = useIsLive();
  const subscribe = useCallback((listener: () => void) => tagStore.subscribe(name, listener), [name]);
  const look = useSyncExternalStore(subscribe, () => lookOf(name));
  const figure = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const write = (): void => {
      if (figure.current) figure.current.textContent = formatValue(tagStore.get(name)?.value, tag);
    };
    write();
    return tagStore.subscribe(name, write);
  }, [name, tag]);
  const now = () => shownOf(name, tag, tagStore.get(name), connected, look === UNKNOWN);
  const shown = now();
  // A tooltip is read only when pointed at: writing it with every change would cost more than the figure.
  const explainHere = (event: MouseEvent<HTMLElement>): void => {
    event.currentTarget.title = describe(name, now());
  };
  return (
    <span
      className="value"
      data-testid={`tag-value-${name}`}
      data-severity={shown.severity}
      data-live={shown.live}
      onMouseEnter={explainHere}
      style={size === undefined ? undefined : { fontSize: size }}
    >
      {shown.condition && <Badge kind={shown.condition} label={shown.condition === "bad" ? t("value.bad", { reason: shown.reason }) : t(`value.${shown.condition}`)} />}
      {!shown.live && <Badge kind="stale" label={t("value.stale")} />}
      <span className="value-figure" ref={figure} />
      {!bare && shown.unit && <span className="value-unit">{shown.unit}</span>}
      {explain && shown.severity !== "GOOD" && <span className="value-reason">{shown.reason}</span>}
    </span>
  );
});
