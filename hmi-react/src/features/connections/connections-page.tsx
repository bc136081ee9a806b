/** The links to devices: which answer, how fast, and what went wrong. */
import { Button } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "@/api/auth";
import { useLinks } from "@/api/queries";
import type { LinkView } from "@/api/types";
import { plantStore, useCell } from "@/live/live";
import { DataTable } from "@/ui/data-table";
import { Empty, Loaded, Page } from "@/ui/page";
import { useAddress } from "@/ui/use-address";
import { useLinkColumns } from "./link-columns";
import { LinkDetail } from "./link-detail";
import "./connections.css";

const NONE: LinkView[] = [];

export default function ConnectionsPage() {
  const { t } = useTranslation();
  const mayEdit = useMay("engineer");
  const query = useLinks();
  const columns = useLinkColumns();
  const [search, set] = useAddress();
  const pushed = useCell(plantStore.links);
  const { refetch } = query;
  useEffect(() => {
    // A push tells that a link came or went; the counters of all are read with it.
    if (pushed.length > 0) void refetch();
  }, [pushed, refetch]);
  const rows = query.data?.items ?? NONE;
  const chosen = rows.find((link) => link.name === search.get("link"));
  return (
    <Page
      title={t("nav.connections")}
      tools={
        mayEdit && (
          <Button component={Link} to="/connections/new" size="xs">
            {t("linkForm.new")}
          </Button>
        )
      }
    >
      <Loaded query={query} height={300}>
        <div className="split">
          <div className="split-main">
            <DataTable
              name="connections"
              label={t("nav.connections")}
              columns={columns}
              rows={rows}
              rowKey={(link) => link.name}
              onOpen={(link) => set("link", link.name)}
              selected={chosen?.name}
              empty={<Empty title={t("links.none")} hint={t("links.noneHint")} />}
            />
          </div>
          {chosen && <LinkDetail key={chosen.name} link={chosen} onNamed={(name) => set("link", name)} onClose={() => set("link", null)} />}
        </div>
      </Loaded>
    </Page>
  );
}
