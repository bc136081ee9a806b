/** The tree of a server, each level read when it is opened. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { browseLink, type TreeNode } from "@/api/links";

interface Props {
  link: string;
  /** Called with the node below which variables are wanted. */
  onUse(node: { address: string; name: string }): void;
}

export function BrowseTree({ link, onUse }: Props) {
  const { t } = useTranslation();
  return (
    <div className="browse-tree" role="tree" aria-label={t("linkTags.tree")}>
      <Level link={link} address="" depth={0} onUse={onUse} />
    </div>
  );
}

function Level({ link, address, depth, onUse }: Props & { address: string; depth: number }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["link-browse", link, address], queryFn: () => browseLink(link, address), retry: false, staleTime: 60_000 });
  if (query.isPending) return <span className="muted">{t("linkTags.looking")}</span>;
  if (query.error) {
    return (
      <div className="problem" role="alert">
        {words(query.error)}
      </div>
    );
  }
  if (query.data.length === 0) return <span className="muted">{t("linkTags.empty")}</span>;
  return (
    <div role="group">
      {query.data.map((node) => (
        <Branch key={node.address} node={node} link={link} depth={depth} onUse={onUse} />
      ))}
    </div>
  );
}

function Branch({ node, link, depth, onUse }: Props & { node: TreeNode; depth: number }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const leaf = node.kind === "method";
  return (
    <div role="treeitem" aria-expanded={leaf ? undefined : open} aria-selected={false}>
      <div className="browse-line" style={{ paddingLeft: depth * 16 }}>
        <button type="button" className="plain-button browse-name" onClick={() => setOpen(!open)} disabled={leaf}>
          <span aria-hidden>{leaf ? "·" : open ? "▾" : "▸"}</span> {node.name} <span className="muted">{t(`linkTags.kinds.${node.kind === "object" || node.kind === "variable" || node.kind === "method" ? node.kind : "other"}`)}</span>
        </button>
        {!leaf && (
          <Button size="compact-xs" variant="default" onClick={() => onUse(node)} aria-label={t("linkTags.useOf", { name: node.name })}>
            {t("linkTags.use")}
          </Button>
        )}
      </div>
      {open && <Level link={link} address={node.address} depth={depth + 1} onUse={onUse} />}
    </div>
  );
}
