/** The tag browser: areas at the left, the tags that match with their live values; the runtime searches and sorts. */
import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "@/api/auth";
import type { TagFilter } from "@/api/tags";
import type { TagView } from "@/api/types";
import { tagPage } from "@/live/directory";
import { useFaceplate } from "@/ui/faceplate-link";
import { Empty, Page } from "@/ui/page";
import { RemoteTable } from "@/ui/remote-table";
import { useAddress } from "@/ui/use-address";
import { AreaTree } from "./area-tree";
import { useTagColumns } from "./tag-columns";
import { TagFiles } from "./tag-files";
import { filterOf } from "./tag-filter";
import { TagTools } from "./tag-tools";
import "./tags.css";

const REFRESH_MS = 15_000;

export default function TagsPage() {
  const { t } = useTranslation();
  const mayEdit = useMay("engineer");
  const [search, set] = useAddress();
  const columns = useTagColumns();
  const { target, open } = useFaceplate();
  const [key] = useDebouncedValue(JSON.stringify(filterOf(search)), 250);
  const filter = useMemo(() => JSON.parse(key) as TagFilter, [key]);
  const fetchPage = useCallback((offset: number, limit: number, signal: AbortSignal) => tagPage(filter, offset, limit, signal), [filter]);
  const tools = mayEdit && (
    <>
      <Button component={Link} to="/tags/new" size="xs">
        {t("tags.new")}
      </Button>
      <Button component={Link} to="/tags/import" size="xs" variant="default">
        {t("tags.import")}
      </Button>
    </>
  );
  return (
    <Page title={t("nav.tags")} tools={tools}>
      <div className="browser">
        <AreaTree chosen={search.get("under") ?? ""} onChoose={(path) => set("under", path)} />
        <div className="browser-main">
          <RemoteTable<TagView>
            name="tags"
            label={t("nav.tags")}
            columns={columns}
            queryKey={["tags", "browse", key]}
            fetchPage={fetchPage}
            rowKey={(tag) => tag.name}
            onOpen={(tag) => open({ tag: tag.name })}
            selected={target?.tag}
            tools={<TagTools search={search} set={set} />}
            files={<TagFiles filter={filter} />}
            empty={<Empty title={t("tags.none")} hint={t("tags.noneHint")} />}
            refreshMs={REFRESH_MS}
          />
        </div>
      </div>
    </Page>
  );
}
