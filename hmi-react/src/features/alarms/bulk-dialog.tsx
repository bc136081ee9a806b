/** A question before a command on several alarms, then what became of each. */
import { Button, Group, Modal, Stack } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AlarmOutcomes } from "@/api/alarms";
import { words } from "@/api/errors";
import type { AlarmView } from "@/api/types";
import { PriorityIcon } from "@/ui/priority-icon";
import { OutcomeList } from "./outcome-list";

const NAMED = 8;

interface Props {
  title: string;
  action: string;
  alarms: readonly AlarmView[];
  disabled?: boolean;
  children?: ReactNode;
  act(): Promise<AlarmOutcomes>;
  onClose(): void;
}

export function BulkDialog({ title, action, alarms, disabled = false, children, act, onClose }: Props) {
  const { t } = useTranslation();
  // As they were when the question was asked: what is done may not change under the hand.
  const [asked] = useState(alarms);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [outcomes, setOutcomes] = useState<AlarmOutcomes | null>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    act()
      .then(setOutcomes)
      .catch(setError)
      .finally(() => setBusy(false));
  };
  const answer = (
    <form onSubmit={submit}>
      <Stack gap={12}>
        <Named alarms={asked} />
        {children}
        {error !== null && (
          <div className="problem" role="alert">
            {words(error)}
          </div>
        )}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={disabled}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
  return (
    <Modal opened onClose={onClose} title={title} centered size="lg">
      {outcomes === null ? (
        answer
      ) : (
        <Stack gap={12}>
          <OutcomeList outcomes={outcomes} />
          <Group justify="flex-end">
            <Button onClick={onClose} autoFocus>
              {t("common.close")}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function Named({ alarms }: { alarms: readonly AlarmView[] }) {
  const { t } = useTranslation();
  const more = alarms.length - NAMED;
  return (
    <ul className="lines">
      {alarms.slice(0, NAMED).map((alarm) => (
        <li key={alarm.name}>
          <PriorityIcon priority={alarm.priority} state={alarm.state} size={15} />
          <b>{alarm.description || alarm.name}</b>
          <span className="muted">{alarm.name}</span>
        </li>
      ))}
      {more > 0 && <li className="muted">{t("alarms.more", { count: more })}</li>}
    </ul>
  );
}
