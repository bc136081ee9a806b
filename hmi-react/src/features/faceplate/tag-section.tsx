/** The two parts of a tag's faceplate: what is operated, and what is looked up. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useTagDetail } from "@/api/tags";
import type { TagView } from "@/api/types";
import { useTag } from "@/live/live";
import { Badge } from "@/ui/badges";
import { Facts, type Fact } from "@/ui/facts";
import { formatDateTime } from "@/ui/format";
import { OutputPanel } from "@/ui/output-panel";
import { PutForm } from "@/ui/put-form";
import { conditionOf, qualityWords } from "@/ui/quality";
import { TagAlarms } from "@/ui/tag-alarms";
import { TagUsers } from "@/ui/tag-users";
import { TagValue } from "@/ui/tag-value";
import { Trend } from "@/ui/trend";
import { ValueBar } from "@/ui/value-bar";

interface Props {
  tag: TagView;
  setpoint?: string | undefined;
}

const HOUR_S = 3600;
const USERS_SHOWN = 5;

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
      <OverrideNote tag={tag} />
      {tag.writable && <PutForm key={tag.name} tag={tag} />}
      {tag.kind === "output" && <OutputPanel key={`output ${tag.name}`} tag={tag.name} />}
    </>
  );
}

/** Quality, times, source, trend of the last hour, alarms, who uses it. */
export function TagDetails({ tag, setpoint }: Props) {
  const { t } = useTranslation();
  const users = useTagDetail(tag.name).data?.users ?? [];
  return (
    <>
      <TagFacts tag={tag} />
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
      {users.length > 0 && (
        <section>
          <h3>{t("usage.title")}</h3>
          <TagUsers users={users} most={USERS_SHOWN} />
        </section>
      )}
    </>
  );
}

/** That a person holds the value, or has taken the tag out of service; why and who is on the tag's page. */
function OverrideNote({ tag }: { tag: TagView }) {
  const { t } = useTranslation();
  const condition = conditionOf(useTag(tag.name)?.quality ?? 0);
  if (condition !== "forced" && condition !== "out_of_service") return null;
  return (
    <div className="note" role="status">
      <Badge kind={condition} label={t(`value.${condition}`)} />
      <span>{t(`override.${condition}`)}</span>
      <Link className="link" to={`/tags/${encodeURIComponent(tag.name)}`}>
        {t("faceplate.details")}
      </Link>
    </div>
  );
}

function TagFacts({ tag }: { tag: TagView }) {
  const { t } = useTranslation();
  const sample = useTag(tag.name);
  const source = tag.source ?? tag.expression ?? t(`faceplate.kinds.${tag.kind}`);
  const facts: Fact[] = [
    [t("faceplate.quality"), qualityWords(sample?.quality ?? tag.quality)],
    [t("faceplate.sourceTime"), formatDateTime(sample?.sourceTime ?? tag.source_time, true)],
    [t("faceplate.serverTime"), formatDateTime(sample?.serverTime ?? tag.server_time, true)],
    [t("faceplate.source"), <span key="source" className="mono">{source}</span>],
    [t("tags.area"), tag.area],
  ];
  return <Facts facts={facts} />;
}
