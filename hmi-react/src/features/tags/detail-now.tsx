/** What a tag is now: its value, how far it can be trusted and why, both times, what lies under it. */
import { useTranslation } from "react-i18next";
import type { TagDetail } from "@/api/tags";
import { useTag } from "@/live/live";
import { Badge } from "@/ui/badges";
import { Facts, type Fact } from "@/ui/facts";
import { formatDateTime, formatValue, unitOf } from "@/ui/format";
import { qualityWords } from "@/ui/quality";
import { TagValue } from "@/ui/tag-value";
import { ValueBar } from "@/ui/value-bar";

export function DetailNow({ detail }: { detail: TagDetail }) {
  const { t } = useTranslation();
  const { tag, raw, own } = detail;
  const sample = useTag(tag.name);
  const unit = unitOf(tag);
  const facts: Fact[] = [
    [t("faceplate.quality"), qualityWords(sample?.quality ?? tag.quality)],
    [t("faceplate.sourceTime"), formatDateTime(sample?.sourceTime ?? tag.source_time, true)],
    [t("faceplate.serverTime"), formatDateTime(sample?.serverTime ?? tag.server_time, true)],
  ];
  if (raw !== null) {
    const value = typeof raw.value === "number" ? String(raw.value) : formatValue(raw.value);
    facts.push([t("detail.raw"), `${value}, ${qualityWords(raw.quality)}, ${formatDateTime(raw.time, true)}`]);
  }
  if (detail.override !== null && own !== null) {
    facts.push([t("detail.own"), `${formatValue(own[1], tag)} ${unit}, ${qualityWords(own[2])}, ${formatDateTime(own[3], true)}`]);
  }
  return (
    <>
      <div className="tag-figure">
        <TagValue name={tag.name} size={32} explain />
      </div>
      <ValueBar tag={tag} />
      <Override detail={detail} />
      <Facts facts={facts} />
    </>
  );
}

/** Who holds the value or has taken the tag out of service, since when and why. */
function Override({ detail }: { detail: TagDetail }) {
  const { t } = useTranslation();
  const { override } = detail;
  if (override === null) return null;
  return (
    <div className="note" role="status">
      <Badge kind={override.kind} label={t(`value.${override.kind}`)} />
      <strong>{t(`override.${override.kind}`)}</strong>
      <span>{t("override.by", { actor: override.actor, time: formatDateTime(override.time), reason: override.reason })}</span>
    </div>
  );
}
