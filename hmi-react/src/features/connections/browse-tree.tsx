/** The tree of a server, each level read when it is opened. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { browseLink, type TreeNode } from "@/api/links";
import { Problem } from "@/ui/page";

const KINDS = ["object", "variable", "method"] as const;
const isKind = (kind: string): kind is (typeof KINDS)[number] => (KINDS as readonly string[]).includes(kind);

interface Props {
  link: string;
  /** Called with the node below which variables are wanted. */
  onUse(node: { address: string; name: string }): void;
}

/** Nested lists with a button for each node, so that every key of a keyboard does what it does everywhere. */
export function BrowseTree({ link, onUse }: Props) {
  return (
    <div className="browse-tree">
      <Level link={link} node={ROOT} onUse={onUse} />
    </div>
  );
}

const ROOT = { address: "", name: "" };

function Level({ link, node, onUse }: Props & { node: Pick<TreeNode, "address" | "name"> }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["link-browse", link, node.address], queryFn: () => browseLink(link, node.address), retry: false, staleTime: 60_000 });
  if (query.isPending) return <span className="muted">{t("linkTags.looking")}</span>;
  if (query.error) return <Problem error={query.error} retry={() => void query.refetch()} />;
  if (query.data.length === 0) return <span className="muted">{t("linkTags.empty")}</span>;
  return (
    <ul className="browse-level" aria-label={node.name || t("linkTags.tree")}>
      {query.data.map((below) => (
        <Branch key={below.address} node={below} link={link} onUse={onUse} />
      ))}
    </ul>
  );
}

function Branch({ node, link, onUse }: Props & { node: TreeNode }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const leaf = node.kind === "method";
  const kind = <span className="muted">{t(`linkTags.kinds.${isKind(node.kind) ? node.kind : "other"}`)}</span>;
  return (
    <li>
      <div className="browse-line">
        {leaf ? (
          <span className="browse-name">
            <span aria-hidden>·</span> {node.name} {kind}
          </span>
        ) : (
          <button type="button" className="plain-button browse-name" onClick={() => setOpen(!open)} aria-expanded={open}>
            <span aria-hidden>{open ? "▾" : "▸"}</span> {node.name} {kind}
          </button>
        )}
        {!leaf && (
          <Button size="compact-xs" variant="default" onClick={() => onUse(node)} aria-label={t("linkTags.useOf", { name: node.name })}>
            {t("linkTags.use")}
          </Button>
        )}
      </div>
      {open && <Level link={link} node={node} onUse={onUse} />}
    </li>
  );
}
