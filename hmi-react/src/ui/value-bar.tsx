/** The place of a tag's value in its range, with normal band, alarm limits and setpoint. */
import { useTranslation } from "react-i18next";
import type { TagView } from "@/api/types";
import { useTagAlarmLimits } from "@/live/directory";
import { useTag } from "@/live/live";
import { normalBand } from "./alarm-limits";
import { Bar } from "./bar";
import { formatValue, unitOf } from "./format";
import { useShown } from "./live-tag";

interface Props {
  tag: TagView;
  /** The tag that tells the setpoint. */
  setpoint?: string | undefined;
}

export function ValueBar({ tag, setpoint }: Props) {
  const { t } = useTranslation();
  const shown = useShown(tag.name);
  const target = useTag(setpoint)?.value;
  const limits = useTagAlarmLimits(tag.name);
  if (tag.range === null || (tag.type !== "float" && tag.type !== "int")) return null;
  const coarse = { ...tag, precision: Math.min(tag.precision, 1) };
  const low = formatValue(tag.range[0], coarse);
  const high = formatValue(tag.range[1], coarse);
  const value = typeof shown.sample?.value === "number" ? shown.sample.value : null;
  return (
    <>
      <Bar
        value={value}
        range={tag.range}
        limits={limits}
        band={normalBand(limits, tag.range)}
        setpoint={typeof target === "number" ? target : null}
        dim={!shown.live || shown.severity === "BAD"}
        label={t("faceplate.bar", { value: shown.text, low, high })}
      />
      <div className="value-scale">
        <span>{low}</span>
        <span>
          {high} {unitOf(tag)}
        </span>
      </div>
    </>
  );
}
