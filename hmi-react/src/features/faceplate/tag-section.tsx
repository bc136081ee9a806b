/** The two parts of a tag's faceplate: what is operated, and what is looked up. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { TagView } from "@/api/types";
import { useTagAlarmLimits } from "@/live/directory";
import { useTag } from "@/live/live";
import { normalBand } from "@/ui/alarm-limits";
import { Bar } from "@/ui/bar";
import { formatDateTime, formatNumber, formatUnit } from "@/ui/format";
import { useShown } from "@/ui/live-tag";
import { qualityWords } from "@/ui/quality";
import { TagValue } from "@/ui/tag-value";
import { Trend } from "@/ui/trend";
import { PutForm } from "./put-form";
import { TagAlarms } from "./tag-alarms";

interface Props {
  tag: TagView;
  setpoint?: string | undefined;
}

const HOUR_S = 3600;

/** The value, its place in its range, and the way to change it. */
export function TagHead({ tag, setpoint }: Props) {
  return (
    <>
      <section>
        <div className="faceplate-value">
          <TagValue name={tag.name} size={30} />
        </div>
        <ValueBar tag={tag} setpoint={setpoint} />
      </section>
      {tag.writable && <PutForm tag={tag} />}
    </>
  );
}

/** Quality, times, source, trend of the last hour, alarms. */
export function TagDetails({ tag, setpoint }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Facts tag={tag} />
      {tag.type !== "string" && tag.history && (
        <section>
          <h3>
            {t("faceplate.hour")} ·{" "}
            <Link className="link" to={`/trends?pens=${encodeURIComponent([tag.name, setpoint].filter(Boolean).join(","))}`}>
              {t("faceplate.trends")}
            </Link>
          </h3>
          <div className="faceplate-trend">
            <Trend tags={[tag.name]} rangeS={HOUR_S} compact />
          </div>
        </section>
      )}
      <TagAlarms tag={tag} />
    </>
  );
}

function ValueBar({ tag, setpoint }: Props) {
  const { t } = useTranslation();
  const shown = useShown(tag.name);
  const target = useTag(setpoint)?.value;
  const limits = useTagAlarmLimits(tag.name);
  if (tag.range === null || (tag.type !== "float" && tag.type !== "int")) return null;
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
        label={t("faceplate.bar", { value: shown.text, low: tag.range[0], high: tag.range[1] })}
      />
      <div className="faceplate-scale">
        <span>{formatNumber(tag.range[0], Math.min(tag.precision, 1))}</span>
        <span>
          {formatNumber(tag.range[1], Math.min(tag.precision, 1))} {formatUnit(tag.unit)}
        </span>
      </div>
    </>
  );
}

function Facts({ tag }: { tag: TagView }) {
  const { t } = useTranslation();
  const sample = useTag(tag.name);
  const facts: [string, React.ReactNode][] = [
    [t("faceplate.quality"), qualityWords(sample?.quality ?? tag.quality)],
    [t("faceplate.sourceTime"), formatDateTime(sample?.sourceTime ?? tag.source_time, true)],
    [t("faceplate.serverTime"), formatDateTime(sample?.serverTime ?? tag.server_time, true)],
    [t("faceplate.source"), <span key="source" className="mono">{tag.source ?? tag.expression ?? t(`faceplate.kinds.${tag.kind}`)}</span>],
    [t("tags.area"), tag.area],
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value || "–"}</dd>
        </div>
      ))}
    </dl>
  );
}
