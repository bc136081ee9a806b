/** The commands of one machine, each asked once more, and what became of the last one. */
import { Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { commandMachine } from "@/api/queries";
import type { MachineView } from "@/api/types";
import { plantStore } from "@/live/live";
import { CommandButton } from "./command-button";
import { useCommand } from "./command";
import { LifeLine } from "./life-line";

export function MachineCommands({ machine }: { machine: MachineView }) {
  const { t } = useTranslation();
  const may = useMay("operator");
  const { life, busy, run } = useCommand();
  const send = (name: string, label: string): void =>
    void run(label, async () => {
      const view = await commandMachine(machine.name, name);
      plantStore.machinesChanged([view]);
      return stateWords(view.state);
    });
  return (
    <div>
      <Group gap={8}>
        {machine.commands.map((command) => (
          <CommandButton
            key={command.name}
            label={command.label || command.name}
            disabled={!command.enabled || !may || busy}
            onConfirm={() => send(command.name, command.label || command.name)}
          />
        ))}
        {!may && <span className="muted">{t("command.needsOperator")}</span>}
      </Group>
      <LifeLine life={life} />
    </div>
  );
}

/** A state's name as words. */
export const stateWords = (state: string): string => state.replaceAll("_", " ");
