/** What an output is doing, for whom and for how long, what stands in its way, and who has locked it. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { cancelOperation, endLease, outputKey, removeTagOut, tagOut, useOutput, type ConditionView, type OutputView } from "@/api/outputs";
import { plantStore, presentS, useCell, useServerTime } from "@/live/live";
import { AskDialog } from "./ask-dialog";
import { useCommand } from "./command";
import { formatTime } from "./format";
import { LifeLine } from "./life-line";

export function OutputPanel({ tag }: { tag: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const told = useCell(plantStore.operation);
  const output = useOutput(tag, true).data;
  useEffect(() => {
    if (told?.subject === tag) void queries.invalidateQueries({ queryKey: outputKey(tag) });
  }, [told, tag, queries]);
  if (!output) return null;
  const blocked = output.blocked.filter((why) => output.tag_out === null || !why.startsWith("tagged out"));
  return (
    <section className="output" aria-label={t("output.title")} data-testid="output-panel">
      <Doing output={output} />
      {blocked.length > 0 && (
        <div className="note" role="status">
          <span>{t("output.blocked")}</span>
          <ul className="lines">
            {blocked.map((why) => (
              <li key={why}>{why}</li>
            ))}
          </ul>
        </div>
      )}
      <Conditions kind="permissives" conditions={output.permissives} />
      <Conditions kind="interlocks" conditions={output.interlocks} />
      <Locks output={output} />
    </section>
  );
}

function Doing({ output }: { output: OutputView }) {
  const { t } = useTranslation();
  const may = useMay("operator");
  const { life, busy, run } = useCommand();
  useServerTime();
  const left = output.deadline === null ? null : Math.max(0, Math.ceil(output.deadline - presentS()));
  const words = output.safe_pending ? t("output.pending") : !output.active ? t("output.atRest") : output.owner ? t("output.onBy", { owner: output.owner }) : t("output.on");
  const operation = output.operation;
  return (
    <>
      <div className="output-now">
        <span className="chip" data-active={output.active}>
          {words}
        </span>
        {output.active && left !== null && <span className="numbers">{t("output.ends", { seconds: left })}</span>}
        {output.until && <span className="mono">{t("output.until", { condition: output.until })}</span>}
        {output.zone && <span className="muted">{t("output.zone", { zone: output.zone })}</span>}
        {operation?.running && (
          <Button size="compact-xs" variant="default" disabled={!may} loading={busy} onClick={() => void run(output.name, async () => (await cancelOperation(operation.id), t("output.atRest")))}>
            {t("output.cancel")}
          </Button>
        )}
      </div>
      {output.mismatch && <span className="chip chip-bad">! {t("output.mismatch")}</span>}
      {!output.guarded && <span className="muted">{t("output.unguarded")}</span>}
      <LifeLine life={life} />
    </>
  );
}

function Conditions({ kind, conditions }: { kind: "permissives" | "interlocks"; conditions: readonly ConditionView[] }) {
  const { t } = useTranslation();
  if (conditions.length === 0) return null;
  return (
    <div>
      <h3>{t(`output.${kind}`)}</h3>
      <ul className="lines">
        {conditions.map((one) => (
          <li key={one.expression} title={one.expression}>
            <span className={one.state === "permits" ? "lines-kind muted" : "lines-kind chip chip-bad"}>{t(`output.states.${kind}.${one.state}`)}</span>
            <span>
              {one.text}
              {one.why && <span className="muted"> – {one.why}</span>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Locks({ output }: { output: OutputView }) {
  const { t } = useTranslation();
  const may = useMay("operator");
  const queries = useQueryClient();
  const [asking, setAsking] = useState<"hang" | "remove" | "lease" | null>(null);
  const settled = (): Promise<void> => queries.invalidateQueries({ queryKey: outputKey(output.name) });
  const { tag_out: lock, lease } = output;
  return (
    <div className="output-locks">
      {lock && <span className="note">{t("output.taggedOut", { owner: lock.owner, note: lock.note, time: formatTime(lock.time) })}</span>}
      {lease && <span className="note">{t("output.leased", { owner: lease.owner, time: formatTime(lease.until) })}</span>}
      <Button size="compact-xs" variant="default" disabled={!may} onClick={() => setAsking(lock ? "remove" : "hang")}>
        {lock ? t("output.removeTagOut") : t("output.tagOut")}
      </Button>
      {lease && (
        <Button size="compact-xs" variant="default" disabled={!may} onClick={() => setAsking("lease")}>
          {t("output.endLease")}
        </Button>
      )}
      {asking === "hang" && (
        <AskDialog title={t("output.tagOutTitle", { tag: output.name })} hint={t("output.tagOutHint")} action={t("output.tagOut")} reasoned act={(note) => tagOut(output.name, note).then(settled)} onClose={() => setAsking(null)} />
      )}
      {asking === "remove" && <AskDialog title={t("output.removeTagOut")} action={t("output.removeTagOut")} act={() => removeTagOut(output.name).then(settled)} onClose={() => setAsking(null)} />}
      {asking === "lease" && lease && <AskDialog title={t("output.endLease")} action={t("output.endLease")} act={() => endLease(lease.device).then(settled)} onClose={() => setAsking(null)} />}
    </div>
  );
}
