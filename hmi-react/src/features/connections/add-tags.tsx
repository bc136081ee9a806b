/** New tags on a link: by hand, or chosen from what its server tells. */
import { Button, Checkbox, Modal, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { listVariables, type Variable } from "@/api/links";
import { BrowseTree } from "./browse-tree";
import { newTagsOf, typeOf, type NewTag } from "./new-tags";
import { NewTagsTable } from "./new-tags-table";

const BLANK: NewTag = { address: "", name: "", type: "float", description: "", range: null, writable: false };
const SHOWN = 300;

interface Props {
  link: string;
  scans: readonly string[];
  browse: boolean;
  onClose(): void;
}

export function AddTags({ link, scans, browse, onClose }: Props) {
  const { t } = useTranslation();
  const [tags, setTags] = useState<NewTag[] | null>(browse ? null : [BLANK]);
  const [made, setMade] = useState<number | null>(null);
  return (
    <Modal opened onClose={onClose} title={t("linkTags.titleOf", { link })} size="xl" centered>
      {made !== null ? (
        <Stack gap={12}>
          <span role="status">{t("linkTags.made", { count: made })}</span>
          <Button onClick={onClose} ml="auto" data-autofocus>
            {t("common.close")}
          </Button>
        </Stack>
      ) : tags === null ? (
        <Choose link={link} onChosen={setTags} />
      ) : (
        <Stack gap={12}>
          <NewTagsTable link={link} scans={scans} tags={tags} onTags={setTags} onMade={setMade} />
          <div className="link-tools">
            {browse ? (
              <Button size="xs" variant="default" onClick={() => setTags(null)}>
                {t("linkTags.back")}
              </Button>
            ) : (
              <Button size="xs" variant="default" onClick={() => setTags([...tags, BLANK])}>
                {t("linkTags.row")}
              </Button>
            )}
          </div>
        </Stack>
      )}
    </Modal>
  );
}

/** The variables of the server, below a node of its tree or all of them. */
function Choose({ link, onChosen }: { link: string; onChosen(tags: NewTag[]): void }) {
  const { t } = useTranslation();
  const [view, setView] = useState("tree");
  const [root, setRoot] = useState({ address: "", name: "" });
  const [filter, setFilter] = useState("");
  const [prefix, setPrefix] = useState("");
  const [chosen, setChosen] = useState<ReadonlyMap<string, Variable>>(new Map());
  const list = useQuery({ queryKey: ["link-variables", link, root.address], queryFn: () => listVariables(link, root.address), enabled: view === "list", retry: false, staleTime: 60_000 });
  const found = (list.data?.items ?? []).filter((one) => one.path.toLowerCase().includes(filter.trim().toLowerCase()));
  const pick = (variables: readonly Variable[], on: boolean): void => {
    const next = new Map(chosen);
    for (const one of variables) {
      if (on) next.set(one.address, one);
      else next.delete(one.address);
    }
    setChosen(next);
  };
  const possible = found.filter((one) => typeOf(one) !== null);
  return (
    <Stack gap={8}>
      <SegmentedControl size="xs" value={view} onChange={setView} data={[{ value: "tree", label: t("linkTags.tree") }, { value: "list", label: t("linkTags.list") }]} />
      {view === "tree" ? (
        <BrowseTree
          link={link}
          onUse={(node) => {
            setRoot(node);
            setView("list");
          }}
        />
      ) : (
        <>
          <div className="link-row">
            <TextInput size="xs" label={t("linkTags.filter")} value={filter} onChange={(event) => setFilter(event.currentTarget.value)} maxLength={200} />
            <TextInput size="xs" label={t("linkTags.prefix")} value={prefix} onChange={(event) => setPrefix(event.currentTarget.value)} maxLength={60} />
          </div>
          {root.address && <span className="muted">{t("linkTags.below", { name: root.name })}</span>}
          {list.isFetching && <span className="muted">{t("linkTags.looking")}</span>}
          {list.error && (
            <div className="problem" role="alert">
              {words(list.error)}
            </div>
          )}
          {list.data && !list.data.complete && <span className="muted">{t("linkTags.incomplete")}</span>}
          {possible.length > 0 && <Checkbox size="xs" label={t("linkTags.all", { count: possible.length })} checked={possible.every((one) => chosen.has(one.address))} onChange={(event) => pick(possible, event.currentTarget.checked)} />}
          <ul className="lines browse-list" aria-label={t("linkTags.list")}>
            {found.slice(0, SHOWN).map((one) => (
              <li key={one.address}>
                <Checkbox size="xs" label={one.path} checked={chosen.has(one.address)} disabled={typeOf(one) === null} onChange={(event) => pick([one], event.currentTarget.checked)} />
                <span className="muted">{typeOf(one) === null ? (one.array ? t("linkTags.array") : t("linkTags.noType")) : `${one.type} ${one.unit}`}</span>
              </li>
            ))}
          </ul>
          {found.length > SHOWN && <span className="muted">{t("linkTags.more", { count: found.length - SHOWN })}</span>}
        </>
      )}
      <Button ml="auto" disabled={chosen.size === 0} onClick={() => onChosen(newTagsOf([...chosen.values()], prefix))}>
        {t("linkTags.next", { count: chosen.size })}
      </Button>
    </Stack>
  );
}
