/** Puts a value: typed, checked, asked once more, then its life is shown until the device has read it back. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { putValue } from "@/api/queries";
import type { TagView, Value } from "@/api/types";
import { plantStore, useCell } from "@/live/live";
import { useCommand } from "@/ui/command";
import { formatNumber, formatUnit, formatValue, parseInput } from "@/ui/format";
import { LifeLine } from "@/ui/life-line";
import { useShown } from "@/ui/live-tag";

export function PutForm({ tag }: { tag: TagView }) {
  const { t } = useTranslation();
  const may = useMay("operator");
  const stopped = useCell(plantStore.estop)?.latched ?? false;
  const [text, setText] = useState(tag.type === "bool" ? "false" : "");
  const [asked, setAsked] = useState<{ value: Value } | null>(null);
  const { life, busy, run } = useCommand();
  const parsed = parseInput(text, tag);
  const complaint = !parsed.ok && parsed.message !== "empty" ? t(`put.${parsed.message}`, { low: tag.range?.[0] ?? "", high: tag.range?.[1] ?? "", unit: formatUnit(tag.unit) }) : undefined;
  const unit = tag.unit ? ` ${formatUnit(tag.unit)}` : "";
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (parsed.ok && may) setAsked({ value: parsed.value });
  };
  const confirm = (): void => {
    if (asked === null) return;
    const wanted = `${formatValue(asked.value, tag)}${unit}`;
    setAsked(null);
    void run(t("put.what", { tag: tag.name, value: wanted }), async () => {
      const view = await putValue(tag.name, asked.value);
      return t("put.readBack", { value: `${formatValue(view.value, tag)}${unit}` });
    });
  };
  return (
    <section aria-label={t("put.title")}>
      <form className="put" onSubmit={submit}>
        {tag.type === "bool" ? (
          <NativeSelect size="xs" label={t("put.new")} value={text} onChange={(event) => setText(event.currentTarget.value)} data={[{ value: "false", label: "Off" }, { value: "true", label: "On" }]} />
        ) : (
          <TextInput
            size="xs"
            label={t("put.new")}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            inputMode={tag.type === "string" ? "text" : "decimal"}
            autoComplete="off"
            error={complaint !== undefined}
            aria-describedby={complaint ? "put-error" : undefined}
            rightSection={tag.unit ? <span className="put-unit">{formatUnit(tag.unit)}</span> : undefined}
            rightSectionWidth={tag.unit ? "auto" : undefined}
            rightSectionPointerEvents="none"
            placeholder={tag.range ? `${formatNumber(tag.range[0], 0)} … ${formatNumber(tag.range[1], 0)}` : ""}
            styles={{ input: { textAlign: tag.type === "string" ? "left" : "right", paddingRight: tag.unit ? 8 + 8 * (formatUnit(tag.unit).length + 1) : undefined } }}
          />
        )}
        <Button size="xs" type="submit" variant="default" disabled={!parsed.ok || !may || busy}>
          {t("put.put")}
        </Button>
      </form>
      {complaint && (
        <span className="put-error" id="put-error" role="alert">
          {complaint}
        </span>
      )}
      {asked && <Ask tag={tag} value={asked.value} onConfirm={confirm} onCancel={() => setAsked(null)} />}
      {!may && <span className="muted">{t("command.needsOperator")}</span>}
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
        {now.text} → <b>{formatValue(value, tag)}</b> {formatUnit(tag.unit)}
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
