/** The machines: what each is doing, and what it can be told to do. */
import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { plantStore, useCell } from "@/live/live";
import { MachinePanel } from "@/ui/machine-panel";
import { Empty, Page } from "@/ui/page";
import { useLiveMachines } from "@/ui/use-machines";

export default function MachinesPage() {
  const { t } = useTranslation();
  const machines = useLiveMachines();
  const greeted = useCell(plantStore.hello) !== null;
  return (
    <Page title={t("nav.machines")} scroll>
      {!greeted && <Skeleton height={400} />}
      {greeted && machines.length === 0 && <Empty title={t("machines.none")} hint={t("machines.noneHint")} />}
      <div className="machines">
        {machines.map((machine) => (
          <MachinePanel key={machine.name} machine={machine} />
        ))}
      </div>
    </Page>
  );
}
