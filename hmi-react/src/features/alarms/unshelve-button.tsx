/** Ends the shelf of one alarm at once; nothing is lost by it, so nothing is asked. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { unshelveAlarm } from "@/api/queries";
import type { AlarmView } from "@/api/types";
import { plantStore } from "@/live/live";
import { useCommand } from "@/ui/command";

export function UnshelveButton({ alarm }: { alarm: AlarmView }) {
  const { t } = useTranslation();
  const may = useMay("operator");
  const { life, busy, run } = useCommand();
  const failed = life.kind === "refused" || life.kind === "timeout" ? life.reason : "";
  return (
    <Button
      size="compact-xs"
      variant="default"
      disabled={!may}
      loading={busy}
      color={failed ? "red" : undefined}
      title={failed || t("alarms.unshelve")}
      aria-label={t("alarms.unshelveWhat", { name: alarm.name })}
      onClick={(event) => {
        event.stopPropagation();
        void run(alarm.name, async () => {
          plantStore.alarmsChanged([await unshelveAlarm(alarm.name)]);
          return "";
        });
      }}
    >
      {failed ? `✗ ${t("alarms.unshelve")}` : t("alarms.unshelve")}
    </Button>
  );
}
