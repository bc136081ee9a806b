/** The tag over the last hour, with the limits as they are typed. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useUnits } from "@/api/configuration";
import type { TagView } from "@/api/types";
import { useTagSelect } from "@/live/live";
import { Trend } from "@/ui/trend";
import type { DefinitionDraft } from "./definition-draft";
import { limitTags, marksOf } from "./limit-marks";

const HOUR_S = 3600;

export function LimitPreview({ draft, tag }: { draft: DefinitionDraft; tag: TagView }) {
  const { t } = useTranslation();
  const units = useUnits().data;
  const others = limitTags(draft).join("\n");
  const tags = useMemo(() => [tag.name, ...others.split("\n").filter(Boolean)], [tag.name, others]);
  const setpointTag = draft.kind === "deviation" && draft.setpointFrom === "tag" && draft.setpoint_tag !== "" ? draft.setpoint_tag : undefined;
  const setpoint = useTagSelect(setpointTag, (sample) => (typeof sample?.value === "number" ? sample.value : null));
  const marks = useMemo(() => marksOf(draft, tag, units ?? [], setpoint), [draft, tag, units, setpoint]);
  return (
    <figure className="form-wide alarm-preview-frame" aria-label={t("alarms.lastHour", { tag: tag.name })} data-limits={marks?.lines.join(" ") ?? ""}>
      <div className="alarm-preview">
        <Trend tags={tags} rangeS={HOUR_S} compact marks={marks} />
      </div>
      <figcaption className="muted form-note">
        {t("alarms.lastHour", { tag: tag.name })}. {marks && t("alarms.previewHint")}
      </figcaption>
    </figure>
  );
}
