/** A button that asks once more before it acts, in place, so that the hand stays where it is. */
import { Button, Group } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  label: string;
  disabled?: boolean;
  busy?: boolean;
  onConfirm(): void;
}

const PATIENCE_MS = 8_000;

export function CommandButton({ label, disabled = false, busy = false, onConfirm }: Props) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    if (!asking) return undefined;
    const timer = window.setTimeout(() => setAsking(false), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, [asking]);
  if (!asking) {
    return (
      <Button size="xs" variant="default" disabled={disabled} loading={busy} onClick={() => setAsking(true)}>
        {label}
      </Button>
    );
  }
  const confirm = (): void => {
    setAsking(false);
    onConfirm();
  };
  return (
    <Group gap={4} wrap="nowrap" role="group" aria-label={t("command.confirmWhat", { what: label })}>
      <Button size="xs" onClick={confirm} autoFocus aria-label={t("command.confirmWhat", { what: label })}>
        {label}?
      </Button>
      <Button size="xs" variant="default" onClick={() => setAsking(false)}>
        {t("common.cancel")}
      </Button>
    </Group>
  );
}
