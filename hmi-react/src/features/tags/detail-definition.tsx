/** How a tag is defined, who declared it, and whether it was changed since. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { TagDetail } from "@/api/tags";
import { Facts, type Fact } from "@/ui/facts";
import { formatDateTime, ownUnitOf } from "@/ui/format";
import { plain } from "@/ui/body-words";
import { checkWords, filterWords, outputWords, recordingWords, scaleWords } from "./definition-facts";

/** Only what is said: a definition has many fields, and most tags use few of them. */
const said = (facts: readonly Fact[]): Fact[] => facts.filter(([, value]) => value !== "" && value !== null && value !== undefined && value !== false);

const lines = (all: readonly string[]): ReactNode => (all.length === 0 ? null : all.map((line) => <div key={line}>{line}</div>));

const mono = (text: string | null): ReactNode => (text ? <span className="mono">{text}</span> : null);

function Expression({ detail }: { detail: TagDetail }) {
  const others = detail.expression_tags;
  return (
    <>
      <div className="mono">{detail.tag.expression}</div>
      {others.map((name) => (
        <span key={name}>
          <Link className="link" to={`/tags/${encodeURIComponent(name)}`}>
            {name}
          </Link>{" "}
        </span>
      ))}
    </>
  );
}

/** Who declared it; an equipment with the way to where it is changed. */
function Owner({ owner }: { owner: string }) {
  const equipment = /^equipment:(.+)$/.exec(owner)?.[1];
  if (equipment === undefined) return <>{owner}</>;
  return (
    <Link className="link" to={`/equipment?equipment=${encodeURIComponent(equipment)}`}>
      {owner}
    </Link>
  );
}

export function DetailDefinition({ detail }: { detail: TagDetail }) {
  const { t } = useTranslation();
  const { tag } = detail;
  const body = detail.body ?? {};
  const states = Object.entries(tag.states ?? {}).map(([value, text]) => `${value} = ${text}`);
  const metadata = Object.entries(tag.metadata ?? {}).map(([key, value]) => `${key}: ${value}`);
  const facts = said([
    [t("tags.name"), tag.name],
    [t("tags.kind"), t(`faceplate.kinds.${tag.kind}`)],
    [t("tags.type"), tag.width ? `${tag.type} (${tag.width})` : tag.type],
    [t("tags.unit"), tag.unit ? `${ownUnitOf(tag)} (${tag.unit})` : ""],
    [t("tags.display_unit"), tag.display_unit_symbol || tag.display_unit],
    [t("tags.area"), tag.area],
    [t("tags.source"), mono(tag.source)],
    [t("tags.expression"), tag.expression ? <Expression key="expression" detail={detail} /> : null],
    [t("tags.function"), tag.function && t("common.yes")],
    [t("tags.scan"), tag.source ? tag.scan : ""],
    [t("tags.range"), tag.range ? `${tag.range[0]} … ${tag.range[1]} ${ownUnitOf(tag)}` : ""],
    [t("tags.precision"), tag.type === "float" ? String(tag.precision) : ""],
    [t("tags.states"), lines(states)],
    [t("tags.scale"), scaleWords(body)],
    [t("tags.filters"), lines(filterWords(body))],
    [t("tags.checks"), lines(checkWords(body))],
    [t("tags.output"), outputWords(body)],
    [t("tags.deadband"), plain(tag.deadband || null)],
    [t("tags.history_deadband"), plain(tag.history_deadband)],
    [t("tags.history"), recordingWords(tag.recording) || t(tag.history ? "tagForm.recordings.change" : "tagForm.recordings.none")],
    [t("tags.writable"), tag.writable ? tag.write_role || "operator" : ""],
    [t("tags.retained"), tag.retained && t("common.yes")],
    [t("tags.manufacturer"), tag.manufacturer],
    [t("tags.segment"), tag.segment],
    [t("tags.kilometre_post"), tag.kilometre_post === null ? "" : `${tag.kilometre_post} km`],
    [t("tags.metadata"), lines(metadata)],
    [t("tags.id"), mono(tag.id)],
    [t("tags.owner"), <Owner key="owner" owner={detail.owner} />],
    [t("detail.changed"), detail.changed_at ? `${formatDateTime(detail.changed_at)} ${detail.changed_by ?? ""}` : ""],
  ]);
  return (
    <>
      {detail.edited && (
        <div>
          <span className="chip" title={t("detail.editedHint")}>✎ {t("detail.edited")}</span>
        </div>
      )}
      {detail.body === null && <span className="muted">{t("detail.system")}</span>}
      <Facts facts={facts} />
    </>
  );
}
