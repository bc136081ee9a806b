/** One machine: state, since when, fault, commands, ports. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { MachinePort, MachineView } from "@/api/types";
import { presentS, useServerTime } from "@/live/live";
import { DataTable } from "./data-table";
import { useFaceplate } from "./faceplate-link";
import { formatDuration } from "./format";
import { MachineCommands, stateWords } from "./machine-commands";
import type { Column } from "./table-columns";
import { TagValue } from "./tag-value";

function Since({ since }: { since: number | null }) {
  useServerTime();
  return since === null ? null : <span className="muted">{formatDuration(presentS() - since)}</span>;
}

export function MachineStateChip({ machine }: { machine: MachineView }) {
  return (
    <>
      <span className="chip" data-strong="true" data-testid={`machine-${machine.name}-state`}>
        {stateWords(machine.state)}
      </span>
      <Since since={machine.state_since} />
    </>
  );
}

/** The states that a machine can be in, with the present one marked. */
function States({ machine }: { machine: MachineView }) {
  const { t } = useTranslation();
  return (
    <div className="states" role="list" aria-label={t("machines.states")}>
      {machine.states.map((state) => (
        <span key={state} role="listitem" className="states-one" data-now={state === machine.state}>
          {stateWords(state)}
        </span>
      ))}
    </div>
  );
}

export function MachinePanel({ machine, ports = true }: { machine: MachineView; ports?: boolean }) {
  const { t } = useTranslation();
  const { open } = useFaceplate();
  const columns = useMemo(
    (): Column<MachinePort>[] => [
      { id: "name", header: t("machines.port"), width: "minmax(100px, 1fr)", value: (port) => port.name },
      { id: "direction", header: t("machines.direction"), width: "72px", value: (port) => port.direction, cell: (port) => <span className="muted">{port.direction}</span> },
      { id: "tag", header: t("tags.name"), width: "minmax(110px, 1fr)", value: (port) => port.tag, cell: (port) => <span className="link">{port.tag}</span> },
      { id: "value", header: t("tags.value"), width: "150px", align: "right", value: () => "", cell: (port) => <TagValue name={port.tag} /> },
    ],
    [t],
  );
  return (
    <section className="panel" aria-label={machine.name}>
      <header className="panel-head">
        <h2 className="panel-title">{machine.name}</h2>
        <MachineStateChip machine={machine} />
        <span className="muted panel-note">{machine.description}</span>
      </header>
      <div className="stack">
        {machine.fault && (
          <div className="problem" role="alert">
            <strong>{t("machines.fault")}</strong> {machine.fault}
          </div>
        )}
        <States machine={machine} />
        <MachineCommands machine={machine} />
        {ports && machine.ports.length > 0 && (
          <DataTable name="ports" label={t("machines.ports")} columns={columns} rows={machine.ports} rowKey={(port) => port.name} onOpen={(port) => open({ tag: port.tag, machine: machine.name })} fit />
        )}
      </div>
    </section>
  );
}
