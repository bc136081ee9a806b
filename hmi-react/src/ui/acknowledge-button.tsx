/** Acknowledges one alarm occurrence; says so if the runtime refuses. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { acknowledge } from "@/api/queries";
import type { AlarmView } from "@/api/types";
import { isUnacknowledged } from "@/live/alarm-order";
import { plantStore } from "@/live/live";
import { useCommand } from "./command";

interface Props {
  alarm: AlarmView;
  comment?: string;
  compact?: boolean;
  onDone?: () => void;
}

export function AcknowledgeButton({ alarm, comment = "", compact = false, onDone }: Props) {
  const { t } = useTranslation();
  const may = useMay("operator");
  const { life, busy, run } = useCommand();
  if (!isUnacknowledged(alarm)) return null;
  const failed = life.kind === "refused" || life.kind === "timeout" ? life.reason : "";
  const act = (): void =>
    void run(alarm.name, async () => {
      plantStore.alarmsChanged([await acknowledge(alarm, comment)]);
      return "";
    }).then((done) => done && onDone?.());
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        disabled={!may}
        loading={busy}
        title={failed || t("alarm.acknowledge")}
        color={failed ? "red" : undefined}
        aria-label={t("alarm.acknowledgeWhat", { name: alarm.name })}
        onClick={(event) => {
          event.stopPropagation();
          act();
        }}
      >
        {compact ? (failed ? "✗" : "✓") : t("alarm.acknowledge")}
      </Button>
      {!compact && failed && (
        <span className="chip chip-bad" role="alert">
          {failed}
        </span>
      )}
    </>
  );
}
