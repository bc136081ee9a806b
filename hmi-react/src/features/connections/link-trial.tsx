/** Connect now and tell what is wrong: the steps of a try at a device, and what an address gives. */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { testLink, type AddressReading, type Trial, type TrialStep } from "@/api/links";
import type { Body } from "@/api/tags";
import { millis } from "./connection-rows";
import { ReadingValue, readingTime } from "./reading";

interface Props {
  /** What is tried, as it is typed now. */
  body: Body;
  disabled?: boolean;
}

export function LinkTrial({ body, disabled = false }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const address = text.trim();
  const trial = useMutation({ mutationFn: (tried: { body: Body; address: string }) => testLink(tried.body, tried.address) });
  const outdated = trial.variables !== undefined && JSON.stringify(trial.variables) !== JSON.stringify({ body, address });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!trial.isPending) trial.mutate({ body, address });
  };
  return (
    <section className="link-trial" aria-label={t("linkTrial.title")}>
      <form className="link-row" onSubmit={submit}>
        <TextInput size="xs" label={t("linkTrial.address")} description={t("linkTrial.addressHint")} value={text} onChange={(event) => setText(event.currentTarget.value)} maxLength={500} autoComplete="off" spellCheck={false} />
        <Button size="xs" variant="default" type="submit" loading={trial.isPending} disabled={disabled}>
          {t("linkTrial.try")}
        </Button>
      </form>
      {disabled && <span className="muted">{t("linkTrial.nameless")}</span>}
      {trial.isPending && (
        <span className="muted" role="status">
          {t("linkTrial.waiting")}
        </span>
      )}
      {trial.error && (
        <div className="problem" role="alert">
          <span style={{ whiteSpace: "pre-line" }}>{words(trial.error)}</span>
        </div>
      )}
      {trial.data && outdated && <span className="muted">{t("linkTrial.outdated")}</span>}
      {trial.data && <Outcome trial={trial.data} />}
    </section>
  );
}

function Outcome({ trial }: { trial: Trial }) {
  const { t } = useTranslation();
  return (
    <div role="status" data-testid="link-trial">
      <strong>{trial.ok ? t("linkTrial.good") : t("linkTrial.bad")}</strong>
      <ol className="lines">
        {trial.steps.map((step) => (
          <Step key={step.step} step={step} />
        ))}
      </ol>
      {trial.reading && <Reading reading={trial.reading} />}
    </div>
  );
}

function Step({ step }: { step: TrialStep }) {
  const { t } = useTranslation();
  return (
    <li data-ok={step.ok}>
      <span className="link-mark" role="img" aria-label={step.ok ? t("linkTrial.stepGood") : t("linkTrial.stepBad")}>
        {step.ok ? "✓" : "✕"}
      </span>
      <span className="lines-kind">{t(`linkTrial.steps.${step.step}`)}</span>
      <span className="link-words">{step.message}</span>
      <span className="muted">{millis(step.ms)}</span>
    </li>
  );
}

function Reading({ reading }: { reading: AddressReading }) {
  const { t } = useTranslation();
  return (
    <div className="link-row" role="group" aria-label={t("linkTrial.reading", { address: reading.address })}>
      <span className="mono link-address">{reading.address}</span>
      <ReadingValue reading={reading} />
      {reading.source_time !== null && <span className="muted">{readingTime(reading.source_time)}</span>}
      {reading.error && <span className="put-error">{reading.error}</span>}
    </div>
  );
}
