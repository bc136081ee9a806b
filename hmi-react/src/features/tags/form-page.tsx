/** Creates a tag, or changes one: checked while it is typed, saved as a whole. */
import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";
import { useTagBody } from "@/api/tags";
import { Empty, Loaded, Page } from "@/ui/page";
import { TagEditor } from "./tag-editor";

export default function TagFormPage() {
  const { t } = useTranslation();
  const { name } = useParams();
  const [search] = useSearchParams();
  // A new tag may begin as a copy of another one, or in an area.
  const from = name ?? search.get("copy") ?? undefined;
  const query = useTagBody(from);
  const title = name === undefined ? t("tagForm.new") : t("tagForm.edit", { tag: name });
  if (from !== undefined && query.isPending) return <Skeleton height="100%" />;
  if (from !== undefined && !query.data) {
    return (
      <Page title={title}>
        <Loaded query={query}>{null}</Loaded>
      </Page>
    );
  }
  if (name !== undefined && query.data?.body === null) return <Empty title={title} hint={t("detail.system")} />;
  const body = from === undefined ? { area: search.get("area") ?? "" } : { ...query.data?.body };
  if (name === undefined) delete (body as Record<string, unknown>)["name"];
  return <TagEditor key={`${name}:${query.data?.hash}`} title={title} name={name} body={body} seen={name === undefined ? null : (query.data?.hash ?? null)} byFunction={query.data?.tag.function ?? false} reload={query.refetch} />;
}
