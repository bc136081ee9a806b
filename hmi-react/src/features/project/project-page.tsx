/** The configuration as code: what runs, what was edited since it was last exported, and a folder of files to apply. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { exportProject, useProject, type ObjectKey, type ProjectView } from "@/api/configuration";
import { AskDialog } from "@/ui/ask-dialog";
import { DataTable } from "@/ui/data-table";
import { FileDrop } from "@/ui/file-drop";
import { Loaded, Page, Problem } from "@/ui/page";
import { download, type Column } from "@/ui/table-columns";
import { readFiles } from "./project-files";
import { ProjectApply } from "./project-apply";
import "./project.css";

type Edited = ObjectKey & { owner: string };

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
  const columns = useMemo(
    (): Column<Edited>[] => [
      { id: "kind", header: t("plan.kind"), width: "100px", value: (one) => one.kind },
      { id: "name", header: t("alarm.name"), width: "minmax(160px, 2fr)", value: (one) => one.name, cell: (one) => <Link className="link" to={pageOf(one)}>{one.name}</Link> },
      { id: "owner", header: t("tags.owner"), width: "minmax(120px, 1fr)", value: (one) => one.owner },
    ],
    [t],
  );
  return (
    <section className="panel" aria-label={t("project.running")}>
      <header className="panel-head">
        <h2 className="panel-title">{t("project.running")}</h2>
        {project.edited > 0 && <span className="chip">✎ {t("project.edited", { count: project.edited })}</span>}
      </header>
      <div className="stack">
        <Counts counts={project.objects} />
        <Counts counts={project.owners} />
        {project.edited === 0 && <span className="muted">{t("project.noDrift")}</span>}
        {project.edited_objects.length > 0 && (
          <div className="project-edits">
            <DataTable name="edited" label={t("project.edits")} columns={columns} rows={project.edited_objects} rowKey={(one) => `${one.kind}:${one.name}`} tools={<strong>{t("project.edits")}</strong>} />
          </div>
        )}
      </div>
    </section>
  );
}
