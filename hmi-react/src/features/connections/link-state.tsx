/** Where a link stands, and for how long. */
import { useTranslation } from "react-i18next";
import type { LinkState } from "@/api/types";
import { presentS, useServerTime } from "@/live/live";
import { Badge } from "@/ui/badges";
import { formatDuration } from "@/ui/format";
import { isTrouble } from "./connection-rows";

/** The state in words, with a mark if values do not come. */
export function StateText({ state }: { state: LinkState }) {
  const { t } = useTranslation();
  const words = t(`links.states.${state}`);
  if (!isTrouble(state)) return <>{words}</>;
  return (
    <span className="value">
      <Badge kind="bad" label={words} /> <b>{words}</b>
    </span>
  );
}

/** How long ago that was. */
export function Since({ since }: { since: number }) {
  useServerTime();
  return <>{formatDuration(presentS() - since)}</>;
}
