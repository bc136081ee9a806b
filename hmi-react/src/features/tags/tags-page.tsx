/** Every tag with its live value. */
import { Select, TextInput } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useTags } from "@/api/queries";
import type { TagView } from "@/api/types";
import { tagStore } from "@/live/live";
import { DataTable } from "@/ui/data-table";
import { useFaceplate } from "@/ui/faceplate-link";
import { Empty, Loaded, Page } from "@/ui/page";
import { severityOf } from "@/ui/quality";
import { useTagColumns } from "./tag-columns";
import { filterTags, KINDS, SEVERITIES } from "./tag-filter";

const FILTERS = ["area", "kind", "quality"] as const;

export default function TagsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const tags = useTags();
  const columns = useTagColumns();
  const { target, open } = useFaceplate();
  const text = search.get("search") ?? "";
  const [area, kind, quality] = FILTERS.map((name) => search.get(name) ?? "");
  const set = (name: string, value: string | null): void =>
    setSearch(
      (now) => {
        if (value) now.set(name, value);
        else now.delete(name);
        return now;
      },
      { replace: true },
    );
  const rows = useMemo(() => {
    const now = (tag: TagView) => severityOf(tagStore.get(tag.name)?.quality ?? tag.quality);
    return filterTags(tags.data ?? [], { text, area: area ?? "", kind: kind ?? "", quality: quality ?? "" }, now);
  }, [tags.data, text, area, kind, quality]);
  const areas = useMemo(() => [...new Set((tags.data ?? []).map((tag) => tag.area).filter(Boolean))].sort(), [tags.data]);
  const choices: Record<(typeof FILTERS)[number], readonly string[]> = { area: areas, kind: KINDS, quality: SEVERITIES };
  const tools = (
    <>
      <TextInput
        size="xs"
        type="search"
        placeholder={t("tags.search")}
        aria-label={t("tags.search")}
        value={text}
        onChange={(event) => set("search", event.currentTarget.value)}
        style={{ width: 240 }}
      />
      {FILTERS.map((name) => (
        <Select
          key={name}
          size="xs"
          clearable
          placeholder={t(`tags.${name}`)}
          aria-label={t(`tags.${name}`)}
          data={[...choices[name]]}
          value={search.get(name)}
          onChange={(value) => set(name, value)}
          style={{ width: name === "area" ? 160 : 120 }}
        />
      ))}
    </>
  );
  return (
    <Page title={t("nav.tags")}>
      <Loaded query={tags} height={600}>
        <DataTable
          name="tags"
          label={t("nav.tags")}
          columns={columns}
          rows={rows}
          rowKey={(tag) => tag.name}
          onOpen={(tag) => open({ tag: tag.name })}
          selected={target?.tag}
          tools={tools}
          empty={<Empty title={t("tags.none")} hint={t("tags.noneHint")} />}
        />
      </Loaded>
    </Page>
  );
}
