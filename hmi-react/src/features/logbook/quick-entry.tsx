/** A new entry: written at the top of the page, kept with Ctrl-S. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { useLogPlan, writeLog, type LogEntry } from "@/api/logbook";
import { useFormKeys } from "@/ui/form-keys";
import { bodyOf, isReady, type Draft } from "./log-draft";
import { LogFields } from "./log-fields";

interface Props {
  draft: Draft;
  onDraft(draft: Draft): void;
  onDone(entry: LogEntry): void;
  onLeave(): void;
  /** False while another form takes the keys. */
  keys: boolean;
}

export function QuickEntry({ draft, onDraft, onDone, onLeave, keys }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const plan = useLogPlan().data;
  const write = useMutation({
    mutationFn: () => writeLog(bodyOf(draft, plan?.categories[0] ?? "")),
    onSuccess: (entry) => {
      void queries.invalidateQueries({ queryKey: ["logbook", "entries"] });
      onDone(entry);
    },
  });
  const save = (): void => {
    if (isReady(draft) && !write.isPending && plan) write.mutate();
  };
  return (
    <section className="panel log-entry" aria-label={t("logbook.new")}>
      {keys && <Keys save={save} leave={onLeave} />}
      <LogFields draft={draft} plan={plan} change={(fields) => onDraft({ ...draft, ...fields })} />
      <div className="log-actions">
        <Button size="xs" disabled={!isReady(draft) || !plan} loading={write.isPending} onClick={save}>
          {t("logbook.write")}
        </Button>
        <span className="muted log-hint">{plan?.shift ? t("logbook.shiftNow", { shift: plan.shift }) : t("logbook.keys")}</span>
        {write.error && (
          <span className="problem" role="alert">
            {words(write.error)}
          </span>
        )}
      </div>
    </section>
  );
}

export function Keys({ save, leave }: { save(): void; leave(): void }) {
  useFormKeys({ save, leave });
  return null;
}
