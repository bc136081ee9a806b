/** A question before something is done: what it means, a reason where one is needed, the answer if it was refused. */
import { Button, Group, Modal, Stack, Textarea } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";

interface Props {
  title: string;
  hint?: string;
  action: string;
  /** Ask for a reason, which is kept in the journal. */
  reasoned?: boolean;
  disabled?: boolean;
  /** Shown between hint and buttons. */
  children?: ReactNode;
  /** What a refusal means beyond its message. */
  explain?: (error: unknown) => ReactNode;
  act(reason: string): Promise<unknown>;
  onClose(): void;
}

export function AskDialog({ title, hint, action, reasoned = false, disabled = false, children, explain, act, onClose }: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    act(reason.trim())
      .then(onClose)
      .catch((failure: unknown) => {
        setError(failure);
        setBusy(false);
      });
  };
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <form onSubmit={submit}>
        <Stack gap={12}>
          {hint && <span>{hint}</span>}
          {children}
          {reasoned && <Textarea label={t("form.reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={500} required data-autofocus={!children} />}
          {error !== null && (
            <div className="problem" role="alert">
              <span>
                {words(error)}
                {explain?.(error)}
              </span>
            </div>
          )}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t("common.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={disabled || (reasoned && reason.trim() === "")}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
