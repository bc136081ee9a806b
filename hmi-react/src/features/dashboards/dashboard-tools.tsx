/** What can be done to a dashboard as a whole. */
import { Button, Menu, Modal } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useMay } from "@/api/auth";
import { words } from "@/api/errors";
import { AskDialog } from "@/ui/ask-dialog";
import { useFormKeys } from "@/ui/form-keys";
import { Overtaken } from "@/ui/overtaken";
import { SaveDialog, UNNAMED } from "@/ui/save-dialog";
import { draftOf, headingOf, stripsInWords } from "./draft";
import type { DashboardState } from "./use-dashboard";

interface Props {
  state: DashboardState;
  isNew: boolean;
  onFull(): void;
}

type Asking = "saveAs" | "rename" | "remove" | null;

export function DashboardTools({ state, isNew, onFull }: Props) {
  const { t } = useTranslation();
  const operator = useMay("operator");
  const [asking, setAsking] = useState<Asking>(null);
  const { saved, editing, problem, overtaken } = state;
  const mine = operator && (saved?.editable ?? false);
  if (!saved && !isNew) return null;
  return (
    <>
      {problem !== null && !overtaken && (
        <span className="chip chip-bad" role="alert">
          {words(problem)}
        </span>
      )}
      {editing ? (
        <Editing state={state} isNew={isNew} onSaveAs={() => setAsking("saveAs")} />
      ) : (
        <>
          <Button size="xs" variant="default" onClick={onFull}>
            {t("dashboards.full")}
          </Button>
          {mine && (
            <Button size="xs" onClick={state.begin}>
              {t("dashboards.edit")}
            </Button>
          )}
        </>
      )}
      {operator && !isNew && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button size="xs" variant="default">
              {t("dashboards.more")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setAsking("saveAs")}>{t("dashboards.saveAs")}</Menu.Item>
            {mine && <Menu.Item onClick={() => setAsking("rename")}>{t("dashboards.rename")}</Menu.Item>}
            {mine && <Menu.Item onClick={() => setAsking("remove")}>{t("dashboards.remove")}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      )}
      <Dialogs state={state} asking={asking} onClose={() => setAsking(null)} />
    </>
  );
}

function Editing({ state, isNew, onSaveAs }: { state: DashboardState; isNew: boolean; onSaveAs(): void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { dirty, saving } = state;
  const save = (): void => {
    if (isNew) onSaveAs();
    else if (dirty && !saving) state.save(false);
  };
  const leave = (): void => {
    if (isNew) void navigate("/dashboards");
    else if (!dirty) state.leave();
  };
  useFormKeys({ save, leave });
  return (
    <>
      {dirty && <span className="chip">{t("saved.unsaved")}</span>}
      <Button size="xs" disabled={!dirty} loading={saving} onClick={save}>
        {t(isNew ? "dashboards.saveAs" : "dashboards.save")}
      </Button>
      <Button size="xs" variant="default" onClick={isNew ? leave : state.leave}>
        {t(dirty && !isNew ? "form.discard" : "dashboards.done")}
      </Button>
    </>
  );
}

function Dialogs({ state, asking, onClose }: { state: DashboardState; asking: Asking; onClose(): void }) {
  const { t } = useTranslation();
  const { saved, strips, overtaken } = state;
  if (overtaken && saved) {
    const theirs = { body: stripsInWords(draftOf(saved)), changed_at: saved.changed, changed_by: saved.changed_by };
    return (
      <Modal opened onClose={state.dismiss} title={saved.name} size="lg" centered>
        <Overtaken ours={stripsInWords(strips)} theirs={theirs} onReload={state.begin} onOverwrite={() => state.save(true)} />
      </Modal>
    );
  }
  if (asking === "saveAs") return <SaveDialog title={t("dashboards.saveAsTitle")} heading={saved ? { ...headingOf(saved), shared: false } : UNNAMED} save={state.saveAs} onClose={onClose} />;
  if (asking === "rename" && saved) return <SaveDialog title={t("dashboards.renameTitle", { name: saved.name })} heading={headingOf(saved)} save={state.rename} onClose={onClose} />;
  if (asking === "remove" && saved)
    return <AskDialog title={t("dashboards.removeTitle", { name: saved.name })} hint={t("dashboards.removeHint")} action={t("saved.remove")} act={state.remove} onClose={onClose} />;
  return null;
}
