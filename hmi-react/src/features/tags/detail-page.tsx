/** One tag in full: what it is now and why, how it is defined, who uses it, and what may be done with it. */
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { useMay } from "@/api/auth";
import { isRefusal } from "@/api/errors";
import { useTagDetail, type TagDetail } from "@/api/tags";
import { Empty, Loaded, Page } from "@/ui/page";
import { OutputPanel } from "@/ui/output-panel";
import { PutForm } from "@/ui/put-form";
import { TagAlarms } from "@/ui/tag-alarms";
import { TagUsers } from "@/ui/tag-users";
import { Trend } from "@/ui/trend";
import { DetailActions } from "./detail-actions";
import { DetailDefinition } from "./detail-definition";
import { DetailNow } from "./detail-now";
import "./tags.css";

const REFRESH_MS = 2_000;
const HOUR_S = 3600;

export default function TagDetailPage() {
  const { t } = useTranslation();
  const name = useParams()["name"] ?? "";
  const detail = useTagDetail(name, REFRESH_MS);
  if (isRefusal(detail.error, "unknown_tag") || isRefusal(detail.error, "not_found")) {
    return (
      <Empty title={t("faceplate.unknown", { tag: name })} hint={t("faceplate.unknownHint")}>
        <p>
          <Link className="link" to="/tags">
            {t("nav.tags")}
          </Link>
        </p>
      </Empty>
    );
  }
  const tag = detail.data?.tag;
  return (
    <Page title={tag?.display_name || name} note={tag?.description} tools={detail.data && <DetailActions key={name} detail={detail.data} />} scroll>
      <Loaded query={detail.data ? { ...detail, error: null } : detail} height={500}>
        {detail.data && <Panels detail={detail.data} />}
      </Loaded>
    </Page>
  );
}

function Panels({ detail }: { detail: TagDetail }) {
  const { t } = useTranslation();
  const engineer = useMay("engineer");
  const { tag } = detail;
  return (
    <div className="tag-page">
      <div className="tag-column">
        <Panel title={t("detail.now")}>
          <DetailNow detail={detail} />
          {tag.writable && <PutForm key={tag.name} tag={tag} />}
          {tag.kind === "output" && <OutputPanel key={`output ${tag.name}`} tag={tag.name} />}
        </Panel>
        <Panel title={t("usage.title")}>
          {detail.users.length > 0 ? <TagUsers users={detail.users} /> : <span className="muted">{t("usage.nobody")}</span>}
        </Panel>
      </div>
      {(tag.type !== "string" || tag.alarms.length > 0 || engineer) && (
        <div className="tag-column">
          {tag.type !== "string" && (
            <Panel title={t("faceplate.hour")} link={<Link className="link" to={`/trends?pens=${encodeURIComponent(tag.name)}`}>{t("faceplate.trends")}</Link>}>
              <div className="tag-trend">
                <Trend tags={[tag.name]} rangeS={HOUR_S} compact />
              </div>
            </Panel>
          )}
          {(tag.alarms.length > 0 || engineer) && (
            <Panel title={t("nav.alarms")} link={engineer && <NewAlarm tag={tag.name} />}>
              {tag.alarms.length > 0 ? <TagAlarms tag={tag} bare /> : <span className="muted">{t("alarm.none")}</span>}
            </Panel>
          )}
        </div>
      )}
      <Panel title={t("detail.definition")}>
        <DetailDefinition detail={detail} />
      </Panel>
    </div>
  );
}

function NewAlarm({ tag }: { tag: string }) {
  const { t } = useTranslation();
  return (
    <Link className="link" to={`/alarms/new?${new URLSearchParams({ tag })}`}>
      {t("alarmForm.new")}
    </Link>
  );
}

function Panel({ title, link, children }: { title: string; link?: React.ReactNode; children: React.ReactNode }) {
  return (
    <section className="panel" aria-label={title}>
      <header className="panel-head">
        <h2 className="panel-title">{title}</h2>
        {link}
      </header>
      <div className="stack">{children}</div>
    </section>
  );
}
