/** The variables of a server, found in its tree or in a list, of which some become tags. */
import { Button, Checkbox, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listVariables, NEW_TAGS_MAX, type Variable } from "@/api/links";
import { Problem } from "@/ui/page";
import { BrowseTree } from "./browse-tree";
import { newTagsOf, typeOf, type NewTag } from "./new-tags";

/** More lines than these make a page slow; the filter finds the rest. */
const SHOWN = 300;

interface Props {
  link: string;
  onChosen(tags: NewTag[]): void;
}

type Chosen = ReadonlyMap<string, Variable>;
type Pick = (variables: readonly Variable[], on: boolean) => void;

export function ChooseVariables({ link, onChosen }: Props) {
  const { t } = useTranslation();
  const [view, setView] = useState("tree");
  const [root, setRoot] = useState({ address: "", name: "" });
  const [prefix, setPrefix] = useState("");
  const [chosen, setChosen] = useState<Chosen>(new Map());
  const pick: Pick = (variables, on) => {
    const next = new Map(chosen);
    for (const one of variables) {
      if (on) next.set(one.address, one);
      else next.delete(one.address);
    }
    setChosen(next);
  };
  const use = (node: { address: string; name: string }): void => {
    setRoot(node);
    setView("list");
  };
  const tooMany = chosen.size > NEW_TAGS_MAX;
  return (
    <Stack gap={8}>
      <SegmentedControl size="xs" value={view} onChange={setView} data={[{ value: "tree", label: t("linkTags.tree") }, { value: "list", label: t("linkTags.list") }]} aria-label={t("linkTags.view")} />
      {view === "tree" ? <BrowseTree link={link} onUse={use} /> : <Found link={link} root={root} chosen={chosen} onPick={pick} onAll={() => setRoot({ address: "", name: "" })} />}
      <div className="link-row">
        <TextInput size="xs" label={t("linkTags.prefix")} value={prefix} onChange={(event) => setPrefix(event.currentTarget.value)} maxLength={60} autoComplete="off" spellCheck={false} />
        <Button size="xs" disabled={chosen.size === 0 || tooMany} onClick={() => onChosen(newTagsOf([...chosen.values()], prefix.trim()))}>
          {t("linkTags.next", { count: chosen.size })}
        </Button>
      </div>
      {tooMany && <span className="put-error">{t("linkTags.tooMany", { count: NEW_TAGS_MAX })}</span>}
    </Stack>
  );
}

interface FoundProps {
  link: string;
  root: { address: string; name: string };
  chosen: Chosen;
  onPick: Pick;
  /** Look at all variables of the server again. */
  onAll(): void;
}

/** The variables below a node, or all of them. */
function Found({ link, root, chosen, onPick, onAll }: FoundProps) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState("");
  const list = useQuery({ queryKey: ["link-variables", link, root.address], queryFn: () => listVariables(link, root.address), retry: false, staleTime: 60_000 });
  const wanted = filter.trim().toLowerCase();
  const found = (list.data?.items ?? []).filter((one) => one.path.toLowerCase().includes(wanted));
  const possible = found.filter((one) => typeOf(one) !== null);
  return (
    <>
      <TextInput size="xs" label={t("linkTags.filter")} value={filter} onChange={(event) => setFilter(event.currentTarget.value)} maxLength={200} autoComplete="off" spellCheck={false} />
      {root.address && (
        <span className="link-row muted">
          {t("linkTags.below", { name: root.name })}
          <Button size="compact-xs" variant="default" onClick={onAll}>
            {t("linkTags.everywhere")}
          </Button>
        </span>
      )}
      {list.isFetching && (
        <span className="muted" role="status">
          {t("linkTags.looking")}
        </span>
      )}
      {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
      {list.data && !list.data.complete && <span className="muted">{t("linkTags.incomplete")}</span>}
      {list.data && found.length === 0 && <span className="muted">{t("linkTags.none")}</span>}
      {possible.length > 0 && <Checkbox size="xs" label={t("linkTags.all", { count: possible.length })} checked={possible.every((one) => chosen.has(one.address))} onChange={(event) => onPick(possible, event.currentTarget.checked)} />}
      <ul className="lines browse-list" aria-label={t("linkTags.list")}>
        {found.slice(0, SHOWN).map((one) => (
          <Line key={one.address} variable={one} chosen={chosen.has(one.address)} onPick={(on) => onPick([one], on)} />
        ))}
      </ul>
      {found.length > SHOWN && <span className="muted">{t("linkTags.more", { count: found.length - SHOWN })}</span>}
    </>
  );
}

/** A variable, with its type, or why it can be no tag. */
function Line({ variable, chosen, onPick }: { variable: Variable; chosen: boolean; onPick(on: boolean): void }) {
  const { t } = useTranslation();
  const possible = typeOf(variable) !== null;
  const why = variable.array ? t("linkTags.array") : t("linkTags.noType");
  return (
    <li>
      <Checkbox size="xs" label={variable.path} title={variable.description || undefined} checked={chosen} disabled={!possible} onChange={(event) => onPick(event.currentTarget.checked)} />
      <span className="muted">{possible ? `${variable.type} ${variable.unit}`.trim() : why}</span>
    </li>
  );
}
