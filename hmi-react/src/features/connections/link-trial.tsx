/** Connect now and tell what is wrong: the steps of a try at a device, and what an address gives. */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { testLink, type Trial } from "@/api/links";
import type { Body } from "@/api/tags";
import { millis } from "./connection-rows";

interface Props {
  /** Asked when it is tried. */
  body(): Body;
  disabled?: boolean;
}

export function LinkTrial({ body, disabled = false }: Props) {
  const { t } = useTranslation();
  const [address, setAddress] = useState("");
  const trial = useMutation({ mutationFn: () => testLink(body(), address.trim()) });
  return (
    <section className="link-trial" aria-label={t("linkTrial.title")}>
      <div className="link-row">
        <TextInput size="xs" label={t("linkTrial.address")} description={t("linkTrial.addressHint")} value={address} onChange={(event) => setAddress(event.currentTarget.value)} maxLength={500} autoComplete="off" spellCheck={false} />
        <Button size="xs" variant="default" onClick={() => trial.mutate()} loading={trial.isPending} disabled={disabled}>
          {t("linkTrial.try")}
        </Button>
      </div>
      {trial.isPending && <span className="muted">{t("linkTrial.waiting")}</span>}
      {trial.error && (
        <div className="problem" role="alert">
          <span style={{ whiteSpace: "pre-line" }}>{words(trial.error)}</span>
        </div>
      )}
      {trial.data && <Steps trial={trial.data} />}
    </section>
  );
}

function Steps({ trial }: { trial: Trial }) {
  const { t } = useTranslation();
  return (
    <div role="status" data-testid="link-trial">
      <strong>{trial.ok ? t("linkTrial.good") : t("linkTrial.bad")}</strong>
      <ol className="lines">
        {trial.steps.map((step) => (
          <li key={step.step} data-ok={step.ok}>
            <span className="link-mark" aria-label={step.ok ? t("linkTrial.stepGood") : t("linkTrial.stepBad")}>
              {step.ok ? "✓" : "✕"}
            </span>
            <span className="lines-kind">{t(`linkTrial.steps.${step.step}`)}</span>
            <span className="link-words">{step.message}</span>
            <span className="muted">{millis(step.ms)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
