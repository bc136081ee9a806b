/** What every widget needs to know to show one tag honestly. */
import type { Severity, TagView } from "@/api/types";
import { useTagInfo } from "@/live/directory";
import { tagStore, useIsLive, useTag } from "@/live/live";
import type { Live } from "@/live/tag-store";
import { formatValue, unitOf } from "./format";
import { conditionOf, qualityWords, reasonOf, severityOf, type Condition } from "./quality";

export interface Shown {
  tag: TagView | undefined;
  sample: Live | undefined;
  /** The figure without its unit. */
  text: string;
  unit: string;
  severity: Severity;
  /** Why it is not plainly good; empty if it is. */
  reason: string;
  live: boolean;
  /** The mark beside the figure; null if there is none. */
  condition: Condition | null;
  unknown: boolean;
}

/** Value, unit and the truth about them, from description, sample and connection. */
export function shownOf(name: string, tag: TagView | undefined, sample: Live | undefined, connected: boolean, unknown: boolean): Shown {
  const quality = sample?.quality ?? 0x80320000;
  return {
    tag,
    sample,
    text: formatValue(sample?.value, tag),
    unit: unitOf(tag),
    severity: unknown ? "BAD" : severityOf(quality),
    reason: unknown ? `no tag ${name}` : reasonOf(quality),
    live: connected && sample !== undefined,
    condition: unknown ? "bad" : conditionOf(quality),
    unknown,
  };
}

/** Everything about one live tag; draws again only when it changes. */
export function useShown(name: string | undefined): Shown {
  const tag = useTagInfo(name);
  const sample = useTag(name);
  const connected = useIsLive();
  return shownOf(name ?? "", tag, sample, connected, name !== undefined && tagStore.isUnknown(name));
}

/** One sentence for a tooltip or a screen reader. */
export function describe(name: string, shown: Shown): string {
  const value = `${name} ${shown.text}${shown.unit ? ` ${shown.unit}` : ""}`;
  const quality = shown.unknown ? shown.reason : qualityWords(shown.sample?.quality ?? 0x80320000);
  return `${value}, ${quality}${shown.live ? "" : ", not live"}`;
}
