/** A machine command from a mimic: asked once more, then its life is shown. */
import { Button, Group, Modal, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { commandMachine } from "@/api/queries";
import { plantStore } from "@/live/live";
import { useCommand } from "./command";
import { LifeLine } from "./life-line";
import { stateWords } from "./machine-commands";
import { useLiveMachine } from "./use-machines";

export interface AskedCommand {
  machine: string;
  command: string;
  label: string;
}

export function MimicCommand({ asked, onClose }: { asked: AskedCommand; onClose: () => void }) {
  const { t } = useTranslation();
  const { life, busy, run } = useCommand();
  const may = useMay("operator");
  const send = (): void =>
    void run(`${asked.machine} ${asked.label}`, async () => {
      const view = await commandMachine(asked.machine, asked.command);
      plantStore.machinesChanged([view]);
      return view.state.replaceAll("_", " ");
    });
  const machine = useLiveMachine(asked.machine);
  const idle = machine?.commands.some((one) => one.name === asked.command && !one.enabled) ?? false;
  const done = life.kind === "confirmed";
  return (
    <Modal opened onClose={onClose} title={t("command.question", { what: asked.label, machine: asked.machine })} centered>
      <Stack gap={12}>
        {idle && life.kind === "idle" && <span className="muted">{t("command.notNow", { state: stateWords(machine?.state ?? "") })}</span>}
        {!may && <span className="muted">{t("command.needsOperator")}</span>}
        <LifeLine life={life} />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose} data-autofocus={done || undefined}>
            {done ? t("common.close") : t("common.cancel")}
          </Button>
          {!done && (
            <Button onClick={send} loading={busy} disabled={!may || idle} data-autofocus>
              {t("command.confirm")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
