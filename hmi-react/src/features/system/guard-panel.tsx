/** The guard: whether it answers, what it owns, buttons and zones of the emergency stop, and how fast it stopped last. */
import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useGuard, type GuardView } from "@/api/outputs";
import { tripEstop } from "@/api/queries";
import type { EstopZone } from "@/api/types";
import { plantStore, useCell } from "@/live/live";
import { AskDialog } from "@/ui/ask-dialog";
import { DataTable } from "@/ui/data-table";
import { Facts } from "@/ui/facts";
import { useFaceplate } from "@/ui/faceplate-link";
import { formatDateTime, formatTime } from "@/ui/format";
import type { Column } from "@/ui/table-columns";

type Link = GuardView["links"][number];
type Output = GuardView["outputs"][number];
type Input = GuardView["inputs"][number];

const NO_ZONES: readonly EstopZone[] = [];
const milliseconds = (value: number | null): string => (value === null ? "" : `${value.toFixed(1)} ms`);

export function GuardPanel() {
  const { t } = useTranslation();
  const guard = useGuard().data;
  const zones = useCell(plantStore.estop)?.zones ?? NO_ZONES;
  const [stopping, setStopping] = useState<string | null>(null);
  const { open } = useFaceplate();
  const columns = useColumns(setStopping);
  if (!guard) return null;
  const flag = (value: boolean): string => t(value ? "common.yes" : "common.no");
  return (
    <section className="panel" aria-label={t("guard.title")}>
      <header className="panel-head">
        <h2 className="panel-title">{t("guard.title")}</h2>
        <span className={guard.up ? "chip" : "chip chip-bad"}>{t(guard.up ? "guard.up" : "guard.down")}</span>
      </header>
      <div className="stack">
        <Facts
          facts={[
            [t("guard.process"), guard.pid],
            [t("guard.realtime"), flag(guard.realtime)],
            [t("guard.latchSaved"), flag(guard.latch_saved)],
            [t("guard.runtimeHeard"), flag(guard.runtime_heard)],
            [t("guard.trips"), guard.trips],
            [t("guard.lastTrip"), milliseconds(guard.trip_ms)],
            [t("guard.longestTrip"), milliseconds(guard.trip_max_ms)],
          ]}
        />
        {zones.length > 0 && <DataTable name="estop-zones" label={t("guard.zones")} columns={columns.zones} rows={zones} rowKey={(row) => row.zone} fit />}
        {guard.inputs.length > 0 && <DataTable name="estop-buttons" label={t("guard.buttons")} columns={columns.inputs} rows={guard.inputs} rowKey={(row) => row.name} onOpen={(row) => open({ tag: row.name })} fit />}
        {guard.links.length > 0 && <DataTable name="guard-links" label={t("guard.links")} columns={columns.links} rows={guard.links} rowKey={(row) => row.name} fit />}
        {guard.outputs.length > 0 && <DataTable name="guard-outputs" label={t("guard.outputs")} columns={columns.outputs} rows={guard.outputs} rowKey={(row) => row.name} onOpen={(row) => open({ tag: row.name })} fit />}
      </div>
      {stopping !== null && (
        <AskDialog
          title={t("guard.stopZone", { zone: stopping })}
          action={t("guard.stopZone", { zone: stopping })}
          act={async () => plantStore.estop.set(await tripEstop("pressed at the HMI", stopping))}
          onClose={() => setStopping(null)}
        />
      )}
    </section>
  );
}

function useColumns(stop: (zone: string) => void) {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      zones: [
        { id: "zone", header: t("guard.zone"), width: "minmax(120px, 1fr)", value: (row) => row.zone, cell: (row) => <b>{row.zone}</b> },
        { id: "state", header: t("guard.state"), width: "minmax(120px, 1fr)", value: (row) => (row.latched ? t("guard.latched", { reason: row.reason }) : t("guard.running")), cell: (row) => (row.latched ? <span className="chip chip-bad">! {t("guard.latched", { reason: row.reason })}</span> : t("guard.running")) },
        { id: "stop", header: "", width: "170px", value: () => "", cell: (row) => <Button size="compact-xs" variant="default" onClick={() => stop(row.zone)}>{t("guard.stopZone", { zone: row.zone })}</Button> },
      ] as Column<EstopZone>[],
      inputs: [
        { id: "name", header: t("guard.name"), width: "minmax(140px, 1fr)", value: (row) => row.name, cell: (row) => <b>{row.name}</b> },
        { id: "zone", header: t("guard.zone"), width: "120px", value: (row) => row.zone || t("guard.plant") },
        { id: "pressed", header: t("guard.state"), width: "140px", value: (row) => t(row.pressed === null ? "guard.unread" : row.pressed ? "guard.pressed" : "guard.released"), cell: (row) => (row.pressed === false ? t("guard.released") : <span className="chip chip-bad">! {t(row.pressed ? "guard.pressed" : "guard.unread")}</span>) },
        { id: "since", header: t("guard.since"), width: "180px", value: (row) => formatDateTime(row.since) },
        { id: "error", header: t("guard.error"), width: "minmax(160px, 2fr)", value: (row) => row.last_error },
      ] as Column<Input>[],
      links: [
        { id: "name", header: t("guard.link"), width: "minmax(140px, 1fr)", value: (row) => row.name, cell: (row) => <b>{row.name}</b> },
        { id: "up", header: t("guard.state"), width: "140px", value: (row) => t(row.up ? "guard.up" : "guard.down"), cell: (row) => (row.up ? t("guard.up") : <span className="chip chip-bad">! {t("guard.down")}</span>) },
        { id: "requests", header: t("guard.requests"), width: "110px", align: "right", value: (row) => row.requests },
        { id: "error", header: t("guard.error"), width: "minmax(120px, 3fr)", value: (row) => row.last_error },
      ] as Column<Link>[],
      outputs: [
        { id: "name", header: t("guard.name"), width: "minmax(140px, 1fr)", value: (row) => row.name, cell: (row) => <b>{row.name}</b> },
        { id: "state", header: t("guard.state"), width: "minmax(110px, 2fr)", value: (row) => t(row.absent ? "guard.absent" : row.safe_pending ? "output.pending" : row.active ? "guard.active" : "guard.safe") },
        { id: "deadline", header: t("guard.deadline"), width: "110px", value: (row) => (row.deadline === null ? "" : formatTime(row.deadline)) },
      ] as Column<Output>[],
    }),
    [t, stop],
  );
}
