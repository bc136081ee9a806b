/** Puts a value: typed, checked, asked once more, then its life is shown until the device has read it back. */
import { Button } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { putValue } from "@/api/queries";
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
  const unit = unitOf(tag) && ` ${unitOf(tag)}`;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (parsed.ok && may) setAsked({ value: parsed.value });
  };
  const confirm = (): void => {
    if (asked === null) return;
    const wanted = `${formatShown(asked.value, tag)}${unit}`;
    setAsked(null);
    void run(t("put.what", { tag: tag.name, value: wanted }), async () => {
      const view = await putValue(tag.name, asked.value, typedUnit(tag));
      return t("put.readBack", { value: `${formatValue(view.value, tag)}${unit}` });
    });
  };
  return (
    <section aria-label={t("put.title")}>
      <form className="put" onSubmit={submit}>
        <ValueInput tag={tag} label={t("put.new")} text={text} onText={setText} />
        <Button size="xs" type="submit" variant="default" disabled={!parsed.ok || !may || busy}>
          {t("put.put")}
        </Button>
      </form>
      <ValueComplaint tag={tag} text={text} />
      {asked && <Ask tag={tag} value={asked.value} onConfirm={confirm} onCancel={() => setAsked(null)} />}
      {!may && <span className="muted">{tag.write_role ? t("command.needsRole", { role: tag.write_role }) : t("command.needsOperator")}</span>}
      {may && stopped && <span className="muted">{t("put.stopped")}</span>}
      <LifeLine life={life} />
    </section>
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
