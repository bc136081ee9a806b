/** Makes an alarm, from nothing, for a tag or as a copy, or changes one. */
import { Skeleton } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";
import { useAlarmBody, type AlarmDefinition } from "@/api/alarms";
import { useMay } from "@/api/auth";
import { useSchema } from "@/api/configuration";
import type { Body } from "@/api/tags";
import { useIsMissing, useTagInfo } from "@/live/directory";
import { Empty, Loaded, Page } from "@/ui/page";
import { AlarmEditor } from "./alarm-editor";
import { kindIn, suggestedName, usualKind } from "./definition-draft";
import { rulesOf, type Rules } from "./definition-schema";

export default function AlarmFormPage() {
  const { t } = useTranslation();
  const { name } = useParams();
  const [search] = useSearchParams();
  const from = name ?? search.get("copy") ?? undefined;
  const query = useAlarmBody(from);
  const schema = useSchema("alarm");
  const engineer = useMay("engineer");
  const rules = useMemo(() => schema.data && rulesOf(schema.data), [schema.data]);
  const title = name === undefined ? t("alarmForm.new") : t("alarmForm.edit", { name });
  if (!engineer) return <Empty title={title} hint={t("alarmForm.engineersOnly")} />;
  if ((from !== undefined && query.isPending) || schema.isPending) return <Skeleton height="100%" />;
  if ((from !== undefined && !query.data) || !rules) {
    return (
      <Page title={title}>
        <Loaded query={rules ? query : schema}>{null}</Loaded>
      </Page>
    );
  }
  // A form without the fields of the kind would save an alarm without them.
  if (query.data && kindIn(query.data.body) === null) return <Empty title={title} hint={t("alarmForm.unknownKind")} />;
  const tag = search.get("tag") ?? "";
  const shared = { title, rules, reload: query.refetch };
  if (name !== undefined && query.data) return <AlarmEditor key={`${name}:${query.data.hash}`} {...shared} name={name} body={query.data.body} seen={query.data.hash} />;
  if (query.data) return <Copy key={from} {...shared} definition={query.data} />;
  return tag === "" ? <AlarmEditor key="new" {...shared} name={undefined} body={NOTHING} seen={null} /> : <OfTag key={tag} {...shared} tag={tag} />;
}

const NOTHING: Body = {};

interface Shared {
  title: string;
  rules: Rules;
  reload(): Promise<unknown>;
}

/** As the other one, but for its name. */
function Copy({ definition, ...shared }: Shared & { definition: AlarmDefinition }) {
  const body = useMemo(() => Object.fromEntries(Object.entries(definition.body).filter(([field]) => field !== "name")), [definition]);
  return <AlarmEditor {...shared} name={undefined} body={body} seen={null} />;
}

/** For a tag, with what is most likely meant. */
function OfTag({ tag, ...shared }: Shared & { tag: string }) {
  const info = useTagInfo(tag);
  const missing = useIsMissing(tag);
  const body = useMemo(() => {
    if (missing) return { tag };
    if (info === undefined) return null;
    const kind = usualKind(info);
    return { name: suggestedName({ tag, kind }), tag, condition: { kind } };
  }, [tag, info, missing]);
  if (body === null) return <Skeleton height="100%" />;
  return <AlarmEditor {...shared} name={undefined} body={body} seen={null} />;
}
