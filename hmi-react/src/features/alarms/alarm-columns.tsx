/** The columns of the alarm list. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AlarmView } from "@/api/types";
import { AcknowledgeButton } from "@/ui/acknowledge-button";
import { formatDateTime } from "@/ui/format";
import { PriorityIcon } from "@/ui/priority-icon";
import type { Column } from "@/ui/table-columns";
import { TagValue } from "@/ui/tag-value";

export function useAlarmColumns(): Column<AlarmView>[] {
  const { t } = useTranslation();
  return useMemo(
    (): Column<AlarmView>[] => [
      { id: "priority", header: t("alarm.priority"), width: "64px", align: "center", value: (alarm) => alarm.priority, cell: (alarm) => <PriorityIcon priority={alarm.priority} state={alarm.state} /> },
      { id: "ack", header: t("alarm.ackShort"), width: "56px", align: "center", value: () => "", cell: (alarm) => <AcknowledgeButton alarm={alarm} compact /> },
      { id: "state", wide: true, header: t("alarm.stateHead"), width: "190px", value: (alarm) => t(`alarm.state.${alarm.state}`) },
      { id: "time", wide: true, header: t("alarm.raised"), width: "176px", value: (alarm) => alarm.active_time, cell: (alarm) => formatDateTime(alarm.active_time) },
      { id: "description", header: t("alarm.description"), width: "minmax(180px, 2fr)", value: (alarm) => alarm.description || alarm.name, cell: (alarm) => <b>{alarm.description || alarm.name}</b> },
      { id: "message", header: t("alarm.message"), width: "minmax(180px, 2fr)", value: (alarm) => alarm.message },
      { id: "now", wide: true, header: t("alarm.now"), width: "130px", align: "right", value: (alarm) => alarm.value, cell: (alarm) => <TagValue name={alarm.tag} /> },
      { id: "name", wide: true, header: t("alarm.name"), width: "minmax(120px, 1fr)", value: (alarm) => alarm.name },
      { id: "area", wide: true, header: t("tags.area"), width: "130px", value: (alarm) => alarm.area },
      { id: "tag", header: t("alarm.tag"), width: "120px", value: (alarm) => alarm.tag, optional: true },
      { id: "limit", header: t("alarm.limit"), width: "80px", align: "right", value: (alarm) => alarm.limit, cell: (alarm) => (alarm.limit === null ? "" : <>{alarm.limit} <span className="muted">{alarm.unit_symbol}</span></>), optional: true },
      { id: "ackBy", header: t("alarm.ackBy"), width: "110px", value: (alarm) => alarm.ack_by, optional: true },
      { id: "ackTime", header: t("alarm.ackTime"), width: "176px", value: (alarm) => alarm.ack_time, cell: (alarm) => formatDateTime(alarm.ack_time), optional: true },
    ],
    [t],
  );
}
