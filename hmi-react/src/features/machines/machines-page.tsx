/** The machines: what each is doing, and what it can be told to do. */
import { useTranslation } from "react-i18next";
import { Empty, Loaded, Page } from "@/ui/page";
import { MachinePanel } from "@/ui/machine-panel";
import { useLiveMachines } from "@/ui/use-machines";

export default function MachinesPage() {
  const { t } = useTranslation();
  const { query, machines } = useLiveMachines();
  return (
    <Page title={t("nav.machines")} scroll>
      <Loaded query={query} height={400}>
        {machines.length === 0 ? (
          <Empty title={t("machines.none")} hint={t("machines.noneHint")} />
        ) : (
          <div className="machines">
            {machines.map((machine) => (
              <MachinePanel key={machine.name} machine={machine} />
            ))}
          </div>
        )}
      </Loaded>
    </Page>
  );
}
