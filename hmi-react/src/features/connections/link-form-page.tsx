/** Makes a link, or changes one. */
import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { useLinkBody, useLinkKinds } from "@/api/links";
import { Empty, Loaded, Page } from "@/ui/page";
import { LinkEditor } from "./link-editor";

export default function LinkFormPage() {
  const { t } = useTranslation();
  const { name } = useParams();
  const kinds = useLinkKinds();
  const link = useLinkBody(name);
  const title = name === undefined ? t("linkForm.new") : t("linkForm.edit", { name });
  if (kinds.isPending || (name !== undefined && link.isPending)) return <Skeleton height="100%" />;
  if (!kinds.data || (name !== undefined && !link.data)) {
    return (
      <Page title={title}>
        <Loaded query={kinds.error ? kinds : link}>{null}</Loaded>
      </Page>
    );
  }
  const kind = link.data?.body["kind"];
  // A form without the fields of the kind would save a link without them.
  if (link.data && !kinds.data.some((one) => one.kind === kind)) return <Empty title={title} hint={t("linkForm.unknownKind", { kind: String(kind) })} />;
  return <LinkEditor key={`${name}:${link.data?.hash}`} title={title} name={name} body={link.data?.body ?? NEW} seen={link.data?.hash ?? null} kinds={kinds.data} reload={link.refetch} />;
}

const NEW = {};
