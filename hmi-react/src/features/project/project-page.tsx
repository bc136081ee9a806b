/** The configuration as code: what runs, what was edited since it was last exported, and a folder of files to apply. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { exportProject, useDrift, useProject, type ObjectKey, type ProjectView } from "@/api/configuration";
import { AskDialog } from "@/ui/ask-dialog";
import { FileDrop } from "@/ui/file-drop";
import { Loaded, Page, Problem } from "@/ui/page";
import { PlanTable } from "@/ui/plan-table";
import { download } from "@/ui/table-columns";
import { ProjectApply } from "./project-apply";
import { readFiles } from "./project-files";
import { editedLines } from "./project-edits";
import "./project.css";

/** The page that shows an object. */
function pageOf({ kind, name }: ObjectKey): string {
  const text = encodeURIComponent(name);
  if (kind === "tag") return `/tags/${text}`;
  if (kind === "alarm") return `/alarms?show=all&alarm=${text}`;
  return `/equipment?${kind}=${text}`;
}

async function saveExport(mark: boolean): Promise<void> {
  const files = await exportProject(mark);
  download("project.json", new Blob([JSON.stringify(files, null, 2)], { type: "application/json" }));
}

export default function ProjectPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const project = useProject();
  const [marking, setMarking] = useState(false);
  const read = useMutation({ mutationFn: readFiles });
  const take = useMutation({ mutationFn: () => saveExport(false) });
  const tools = (
    <>
      <Button size="xs" variant="default" loading={take.isPending} onClick={() => take.mutate()}>
        {t("project.export")}
      </Button>
      <Button size="xs" variant="default" disabled={!project.data?.edited} onClick={() => setMarking(true)}>
        {t("project.mark")}
      </Button>
    </>
  );
  const files = read.data;
  const empty = files !== undefined && Object.keys(files).length === 0;
  return (
    <Page title={t("nav.project")} tools={tools} scroll>
      {take.error && <Problem error={take.error} />}
      <div className="project">
        <Loaded query={project} height={200}>
          {project.data && <Running project={project.data} />}
        </Loaded>
        <section className="panel" aria-label={t("project.files")}>
          <header className="panel-head">
            <h2 className="panel-title">{t("project.files")}</h2>
            {files && !empty && (
              <>
                <span className="muted panel-note">{t("project.chosen", { count: Object.keys(files).length })}</span>
                <Button size="xs" variant="default" onClick={() => read.reset()}>
                  {t("bulk.other")}
                </Button>
              </>
            )}
          </header>
          <div className="stack">
            {read.error && <Problem error={read.error} />}
            {empty && <Problem error={t("project.noFiles")} />}
            {files && !empty ? (
              <ProjectApply key={read.submittedAt} files={files} onApplied={() => void queries.invalidateQueries()} />
            ) : (
              <div className="project-drops">
                <FileDrop folder label={t("project.chooseFolder")} hint={t("project.folderHint")} busy={read.isPending} onFiles={(chosen) => read.mutate(chosen)} />
                <FileDrop accept=".json" label={t("project.chooseMap")} hint={t("project.mapHint")} busy={read.isPending} onFiles={(chosen) => read.mutate(chosen)} />
              </div>
            )}
          </div>
        </section>
      </div>
      {marking && (
        <AskDialog
          title={t("project.mark")}
          hint={t("project.markHint", { count: project.data?.edited ?? 0 })}
          action={t("project.mark")}
          act={async () => {
            await saveExport(true);
            await queries.invalidateQueries({ queryKey: ["project"] });
          }}
          onClose={() => setMarking(false)}
        />
      )}
    </Page>
  );
}

function Counts({ counts }: { counts: Record<string, number> }) {
  return (
    <div className="project-counts">
      {Object.entries(counts).map(([name, count]) => (
        <span key={name}>
          <span className="muted">{name}</span> <b>{count}</b>
        </span>
      ))}
    </div>
  );
}

/** What runs, by kind and by owner, and the edits that no file knows yet. */
function Running({ project }: { project: ProjectView }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-label={t("project.running")}>
      <header className="panel-head">
        <h2 className="panel-title">{t("project.running")}</h2>
        {project.edited > 0 && <span className="chip">✎ {t("project.edited", { count: project.edited })}</span>}
      </header>
      <div className="stack">
        <Counts counts={project.objects} />
        <Counts counts={project.owners} />
        {project.edited === 0 ? <span className="muted">{t("project.noDrift")}</span> : <Edits project={project} />}
      </div>
    </section>
  );
}

/** Each edited object, with the fields in which it differs from what was declared. */
function Edits({ project }: { project: ProjectView }) {
  const { t } = useTranslation();
  const drift = useDrift();
  const lines = useMemo(() => editedLines(project.edited_objects, drift.data?.lines ?? []), [project, drift.data]);
  return (
    <div className="project-edits">
      <PlanTable lines={lines} tools={<strong>{t("project.edits")}</strong>} pageOf={pageOf} />
    </div>
  );
}
