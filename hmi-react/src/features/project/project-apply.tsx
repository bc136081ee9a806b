/** Files on their way into the running configuration: looked through, planned, and applied when a person has agreed. */
import { Checkbox, Skeleton } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { applyProject, planProject, validateProject, type ChangeResult, type Files } from "@/api/configuration";
import { mistakesOf, type Mistake } from "@/api/errors";
import { CommandButton } from "@/ui/command-button";
import { DataTable } from "@/ui/data-table";
import { Problem } from "@/ui/page";
import { PlanTable } from "@/ui/plan-table";
import type { Column } from "@/ui/table-columns";

interface Props {
  files: Files;
  onApplied(): void;
}

const ONCE = { staleTime: Infinity, gcTime: 0, retry: false, refetchOnWindowFocus: false } as const;

export function ProjectApply({ files, onApplied }: Props) {
  const { t } = useTranslation();
  const [overwrite, setOverwrite] = useState(false);
  const check = useQuery({ queryKey: ["files", "check", files], queryFn: () => validateProject(files), ...ONCE });
  const mistakes = check.data?.mistakes ?? [];
  const good = check.data !== undefined && mistakes.length === 0;
  const plan = useQuery({ queryKey: ["files", "plan", files], queryFn: () => planProject(files), enabled: good, ...ONCE });
  const apply = useMutation({ mutationFn: () => applyProject(files, overwrite), onSuccess: onApplied });
  if (apply.data) return <Applied result={apply.data} />;
  const failure = check.error ?? plan.error ?? apply.error;
  const refused = mistakesOf(failure);
  const lines = plan.data?.lines ?? [];
  const changes = lines.filter((line) => line.action !== "drift");
  const conflicts = plan.data?.conflicts ?? 0;
  return (
    <>
      {failure && refused.length === 0 && <Problem error={failure} retry={() => void (check.error ? check.refetch() : plan.refetch())} />}
      {(mistakes.length > 0 || refused.length > 0) && <Mistakes mistakes={mistakes.length > 0 ? mistakes : refused} />}
      {(check.isPending || (good && plan.isPending)) && <Skeleton height={200} aria-busy="true" />}
      {plan.data && (
        <>
          {plan.data.restart.length > 0 && (
            <div className="note" role="status">
              <strong>{t("plan.restart")}</strong>
              {plan.data.restart.map((line) => (
                <span key={line}>{line}</span>
              ))}
            </div>
          )}
          <div className="project-plan">
            <PlanTable
              lines={lines}
              tools={
                <>
                  <strong role="status">{t("plan.summary", { count: changes.length })}</strong>
                  {conflicts > 0 && (
                    <>
                      <span className="chip chip-bad">! {t("plan.conflicts", { count: conflicts })}</span>
                      <Checkbox size="xs" label={t("plan.overwrite")} checked={overwrite} onChange={(event) => setOverwrite(event.currentTarget.checked)} />
                    </>
                  )}
                  <CommandButton label={t("plan.apply")} busy={apply.isPending} disabled={changes.length === 0 || (conflicts > 0 && !overwrite)} onConfirm={() => apply.mutate()} />
                </>
              }
            />
          </div>
        </>
      )}
    </>
  );
}

/** Every mistake with its file and line. */
function Mistakes({ mistakes }: { mistakes: readonly Mistake[] }) {
  const { t } = useTranslation();
  const columns = useMemo(
    (): Column<Mistake>[] => [
      { id: "place", header: t("project.place"), width: "minmax(160px, 1fr)", value: (one) => one.place, cell: (one) => <span className="mono">{one.place}</span> },
      { id: "subject", header: t("project.object"), width: "minmax(140px, 1fr)", value: (one) => one.subject },
      { id: "field", header: t("tagForm.field"), width: "minmax(100px, 1fr)", value: (one) => one.field },
      { id: "message", header: t("project.mistake"), width: "minmax(240px, 3fr)", value: (one) => one.message, cell: (one) => <span title={one.message}>{one.message}</span> },
      { id: "suggestion", header: t("project.meant"), width: "120px", value: (one) => one.suggestion },
    ],
    [t],
  );
  const rows = useMemo(() => mistakes.map((one, at) => ({ ...one, at })), [mistakes]);
  return (
    <div className="project-plan">
      <DataTable
        name="mistakes"
        label={t("project.mistakes")}
        columns={columns}
        rows={rows}
        rowKey={(one) => String((one as Mistake & { at: number }).at)}
        tools={<span className="chip chip-bad" role="alert">! {t("project.mistakesFound", { count: mistakes.length })}</span>}
      />
    </div>
  );
}

function Applied({ result }: { result: ChangeResult }) {
  const { t } = useTranslation();
  return (
    <div className="empty" role="status">
      <strong>{t("project.applied")}</strong>
      {t("project.appliedCounts", { added: result.added.length, changed: result.changed.length, removed: result.removed.length })}
      {result.restart.length > 0 && (
        <>
          <p>{t("plan.restart")}</p>
          {result.restart.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </>
      )}
    </div>
  );
}
