/** Puts a value: typed, checked, asked once more, then its life is shown until the device has read it back. */
import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { operate, outputKey, selectOutput, unselectOutput, useOutput } from "@/api/outputs";
import { words } from "@/api/errors";
import { session } from "@/api/session";
import type { TagView, Value } from "@/api/types";
import { plantStore, useCell } from "@/live/live";
import { useCommand } from "./command";
import { formatShown, formatValue, typedUnit, unitOf } from "./format";
import { LifeLine } from "./life-line";
import { useShown } from "./live-tag";
import { firstText, useParsed, ValueComplaint, ValueInput } from "./value-input";

export function PutForm({ tag }: { tag: TagView }) {
  const { t } = useTranslation();
  const may = useMay(tag.write_role || "operator");
  const stopped = useCell(plantStore.estop)?.latched ?? false;
  const [text, setText] = useState(() => firstText(tag));
  const [asked, setAsked] = useState<{ value: Value } | null>(null);
  const { life, busy, run } = useCommand();
  const { parsed } = useParsed(tag, text);
  const isOutput = tag.kind === "output";
  const output = useOutput(tag.name, isOutput).data;
  const [seconds, setSeconds] = useState("");
  const forS = seconds.trim() === "" ? undefined : Number(seconds.replace(",", "."));
  const wishFits = forS === undefined || (Number.isFinite(forS) && forS > 0);
  const selection = output?.selection?.owner === session.get()?.user.name ? output?.selection?.id : undefined;
  const unselected = output?.operate === "select" && selection === undefined && parsed.ok && parsed.value !== output.safe;
  const unit = unitOf(tag) && ` ${unitOf(tag)}`;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (parsed.ok && may && wishFits && !unselected) setAsked({ value: parsed.value });
  };
  const confirm = (): void => {
    if (asked === null) return;
    const wanted = `${formatShown(asked.value, tag)}${unit}`;
    setAsked(null);
    void run(t("put.what", { tag: tag.name, value: wanted }), async () => {
      const view = await operate(tag.name, asked.value, { unit: typedUnit(tag), for_s: isOutput ? forS : undefined, selection });
      return t("put.readBack", { value: `${formatValue(view.value, tag)}${unit}` });
    });
  };
  return (
    <section aria-label={t("put.title")}>
      <form className="put" onSubmit={submit}>
        <ValueInput tag={tag} label={t("put.new")} text={text} onText={setText} />
        {isOutput && (
          <TextInput
            size="xs"
            className="put-for"
            label={t("output.forS")}
            placeholder={output?.max_on_s ? t("output.forLimit", { seconds: output.max_on_s }) : t("output.forHint")}
            value={seconds}
            onChange={(event) => setSeconds(event.currentTarget.value)}
            error={!wishFits}
            inputMode="decimal"
          />
        )}
        {output?.operate === "select" && <Selecting tag={tag.name} chosen={selection !== undefined} disabled={!may} />}
        <Button size="xs" type="submit" variant="default" disabled={!parsed.ok || !may || busy || !wishFits || unselected}>
          {t("put.put")}
        </Button>
      </form>
      <ValueComplaint tag={tag} text={text} />
      {unselected && may && <span className="muted">{t("output.needsSelection")}</span>}
      {asked && <Ask tag={tag} value={asked.value} onConfirm={confirm} onCancel={() => setAsked(null)} />}
      {!may && <span className="muted">{tag.write_role ? t("command.needsRole", { role: tag.write_role }) : t("command.needsOperator")}</span>}
      {may && stopped && <span className="muted">{t("put.stopped")}</span>}
      <LifeLine life={life} />
    </section>
  );
}

function Selecting({ tag, chosen, disabled }: { tag: string; chosen: boolean; disabled: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const toggle = (): void => {
    setProblem(null);
    const act: Promise<unknown> = chosen ? unselectOutput(tag) : selectOutput(tag);
    act.then(() => queries.invalidateQueries({ queryKey: outputKey(tag) })).catch((error: unknown) => setProblem(words(error)));
  };
  return (
    <>
      <Button size="xs" variant="default" disabled={disabled} onClick={toggle} aria-pressed={chosen}>
        {chosen ? t("output.unselect") : t("output.select")}
      </Button>
      {problem && <span className="put-error">{problem}</span>}
    </>
  );
}

interface AskProps {
  tag: TagView;
  value: Value;
  onConfirm(): void;
  onCancel(): void;
}

function Ask({ tag, value, onConfirm, onCancel }: AskProps) {
  const { t } = useTranslation();
  const now = useShown(tag.name);
  return (
    <div className="put-ask" role="group" aria-label={t("put.ask")}>
      <span className="put-ask-text">
        {now.text} → <b>{formatShown(value, tag)}</b> {unitOf(tag)}
      </span>
      <Button size="xs" onClick={onConfirm} autoFocus>
        {t("command.confirm")}
      </Button>
      <Button size="xs" variant="default" onClick={onCancel}>
        {t("common.cancel")}
      </Button>
    </div>
  );
}
