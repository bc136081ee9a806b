/** Saved groups of pens: open one, save what is shown, share, rename and delete. */
import { Button, Menu, Modal } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay, useSession } from "@/api/auth";
import { useTrendGroups, type TrendGroupRow } from "@/api/displays";
import { isRefusal, words } from "@/api/errors";
import { AskDialog } from "@/ui/ask-dialog";
import { Overtaken } from "@/ui/overtaken";
import type { Looks } from "@/ui/pen-looks";
import { SaveDialog, UNNAMED } from "@/ui/save-dialog";
import { headingOf, inWords } from "./group-state";
import type { TrendState, Words } from "./trend-address";
import { useGroup, type GroupState } from "./use-group";

interface Props {
  state: TrendState;
  looks: Looks;
  /** What the address says of the group. */
  word: string | null;
  set(words: Words): void;
}

type Asking = "saveAs" | "rename" | "remove" | null;

export function Groups({ state, looks, word, set }: Props) {
  const { t } = useTranslation();
  const found = useGroup(state, looks, word, set);
  const [asking, setAsking] = useState<Asking>(null);
  const { group, changed } = found;
  return (
    <>
      <Menu position="bottom-start" width={280}>
        <Menu.Target>
          <Button size="xs" variant="default" className="groups-target" aria-label={group ? t("groups.opened", { name: group.name }) : t("groups.menu")}>
            <span className="groups-name">{group?.name ?? t("groups.menu")}</span>
            {changed && <span className="groups-unsaved">{t("saved.unsaved")}</span>}
            <span aria-hidden>▾</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown className="groups">
          <Actions found={found} pens={state.pens.length} ask={setAsking} />
          <Choices opened={group?.id} onOpen={found.open} />
        </Menu.Dropdown>
      </Menu>
      {found.missing !== null && (
        <span className="chip chip-bad" role="alert" title={words(found.missing)}>
          {isRefusal(found.missing, "not_found") ? t("groups.missing") : words(found.missing)}
        </span>
      )}
      {found.problem !== null && !found.overtaken && (
        <span className="chip chip-bad" role="alert">
          {words(found.problem)}
        </span>
      )}
      <Dialogs found={found} asking={asking} onClose={() => setAsking(null)} />
    </>
  );
}

function Actions({ found, pens, ask }: { found: GroupState; pens: number; ask(what: Asking): void }) {
  const { t } = useTranslation();
  const operator = useMay("operator");
  const { group, changed } = found;
  return (
    <>
      {operator && group?.editable && (
        <Menu.Item disabled={!changed || pens === 0} onClick={() => found.save(false)}>
          {t("groups.save")}
        </Menu.Item>
      )}
      {operator && (
        <Menu.Item disabled={pens === 0} onClick={() => ask("saveAs")}>
          {t("groups.saveAs")}
        </Menu.Item>
      )}
      {operator && group?.editable && (
        <>
          <Menu.Item onClick={() => ask("rename")}>{t("groups.rename")}</Menu.Item>
          <Menu.Item onClick={found.share}>{group.shared ? t("groups.unshare") : t("groups.share")}</Menu.Item>
          <Menu.Item onClick={() => ask("remove")}>{t("groups.remove")}</Menu.Item>
        </>
      )}
      {group && changed && <Menu.Item onClick={found.reload}>{t("groups.reload")}</Menu.Item>}
      {group && <Menu.Item onClick={found.leave}>{t("groups.close")}</Menu.Item>}
    </>
  );
}

/** Fetched when the menu is opened. */
function Choices({ opened, onOpen }: { opened: number | undefined; onOpen(id: number): void }) {
  const { t } = useTranslation();
  const user = useSession()?.user.name;
  const query = useTrendGroups();
  const rows = query.data ?? [];
  const part = (label: string, some: readonly TrendGroupRow[]) =>
    some.length > 0 && (
      <>
        <Menu.Divider />
        <Menu.Label>{label}</Menu.Label>
        {some.map((row) => (
          <Menu.Item key={row.id} onClick={() => onOpen(row.id)} aria-current={row.id === opened} title={row.description} rightSection={<Facts row={row} mine={row.owner === user} />}>
            {row.name}
          </Menu.Item>
        ))}
      </>
    );
  return (
    <>
      {part(t("saved.mine"), rows.filter((row) => row.owner === user))}
      {part(t("saved.others"), rows.filter((row) => row.owner !== user))}
      {query.data?.length === 0 && (
        <>
          <Menu.Divider />
          <Menu.Label>
            {t("groups.none")} {t("groups.noneHint")}
          </Menu.Label>
        </>
      )}
      {query.error && <Menu.Label role="alert">{words(query.error)}</Menu.Label>}
    </>
  );
}

function Facts({ row, mine }: { row: TrendGroupRow; mine: boolean }) {
  const { t } = useTranslation();
  const whose = mine ? (row.shared ? t("saved.shared") : "") : row.owner;
  return <span className="muted">{[whose, t("groups.count", { count: row.tags })].filter(Boolean).join(" · ")}</span>;
}

function Dialogs({ found, asking, onClose }: { found: GroupState; asking: Asking; onClose(): void }) {
  const { t } = useTranslation();
  const { group } = found;
  if (found.overtaken && group) {
    const theirs = { body: inWords(group), changed_at: group.changed, changed_by: group.changed_by };
    return (
      <Modal opened onClose={found.dismiss} title={t("groups.opened", { name: group.name })} size="lg" centered>
        <Overtaken ours={inWords(found.content)} theirs={theirs} onReload={found.reload} onOverwrite={() => found.save(true)} />
      </Modal>
    );
  }
  if (asking === "saveAs") return <SaveDialog title={t("groups.saveAsTitle")} heading={group ? { ...headingOf(group), shared: false } : UNNAMED} save={found.saveAs} onClose={onClose} />;
  if (asking === "rename" && group) return <SaveDialog title={t("groups.renameTitle", { name: group.name })} heading={headingOf(group)} save={found.rename} onClose={onClose} />;
  if (asking === "remove" && group)
    return <AskDialog title={t("groups.removeTitle", { name: group.name })} hint={t("groups.removeHint")} action={t("saved.remove")} act={found.remove} onClose={onClose} />;
  return null;
}
