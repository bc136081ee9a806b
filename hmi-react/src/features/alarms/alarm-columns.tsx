/** The columns of each list of alarms. */
import { Checkbox } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AlarmView } from "@/api/types";
import { AcknowledgeButton } from "@/ui/acknowledge-button";
import { formatDateTime } from "@/ui/format";
import { PriorityIcon } from "@/ui/priority-icon";
import { StateBadge } from "@/ui/state-badge";
import type { Column } from "@/ui/table-columns";
import { TagValue } from "@/ui/tag-value";
import type { Show } from "./alarm-filter";
import { FirstOutMark } from "./first-out";
import { Remaining } from "./remaining";
import { UnshelveButton } from "./unshelve-button";
import type { Selection } from "./use-selection";

type Columns = Column<AlarmView>[];

const Named = ({ alarm }: { alarm: AlarmView }) => (
  <>
    {alarm.first_out && <FirstOutMark />}
    <b>{alarm.description || alarm.name}</b>
  </>
);

function useCommonColumns(): Record<string, Column<AlarmView>> {
  const { t } = useTranslation();
  return useMemo(() => {
    const all: Columns = [
      { id: "priority", header: t("alarm.priority"), width: "64px", align: "center", value: (alarm) => alarm.priority, cell: (alarm) => <PriorityIcon priority={alarm.priority} state={alarm.state} /> },
      { id: "ack", header: t("alarm.ackShort"), width: "56px", align: "center", value: () => "", cell: (alarm) => <AcknowledgeButton alarm={alarm} compact />, unsortable: true },
      { id: "unshelve", header: t("alarms.unshelve"), width: "104px", align: "center", value: () => "", cell: (alarm) => <UnshelveButton alarm={alarm} />, unsortable: true },
      { id: "state", wide: true, header: t("alarm.stateHead"), width: "220px", value: (alarm) => t(`alarm.state.${alarm.state}`), cell: (alarm) => <StateBadge state={alarm.state} /> },
      { id: "underneath", wide: true, header: t("alarms.now"), width: "220px", value: (alarm) => t(`alarm.state.${alarm.core_state ?? alarm.state}`), cell: (alarm) => <StateBadge state={alarm.core_state ?? alarm.state} /> },
      { id: "remaining", header: t("alarms.remaining"), width: "92px", align: "right", value: (alarm) => alarm.silent_until, cell: (alarm) => <Remaining alarm={alarm} /> },
      { id: "by", header: t("alarms.by"), width: "120px", value: (alarm) => alarm.silent_by },
      { id: "reason", header: t("alarms.reason"), width: "minmax(160px, 2fr)", value: (alarm) => alarm.silence },
      { id: "time", wide: true, header: t("alarm.raised"), width: "176px", value: (alarm) => alarm.active_time, cell: (alarm) => formatDateTime(alarm.active_time) },
      { id: "description", header: t("alarm.description"), width: "minmax(180px, 2fr)", value: (alarm) => alarm.description || alarm.name, cell: (alarm) => <Named alarm={alarm} /> },
      { id: "message", header: t("alarm.message"), width: "minmax(180px, 2fr)", value: (alarm) => alarm.message },
      { id: "now", wide: true, header: t("alarm.now"), width: "130px", align: "right", value: (alarm) => alarm.value, cell: (alarm) => (alarm.tag === "" ? "" : <TagValue name={alarm.tag} />) },
      { id: "name", wide: true, header: t("alarm.name"), width: "minmax(120px, 1fr)", value: (alarm) => alarm.name },
      { id: "area", wide: true, header: t("tags.area"), width: "130px", value: (alarm) => alarm.area },
      { id: "tag", header: t("alarm.tag"), width: "120px", value: (alarm) => alarm.tag, optional: true },
      { id: "limit", header: t("alarm.limit"), width: "80px", align: "right", value: (alarm) => alarm.limit, cell: (alarm) => (alarm.limit === null ? "" : <>{alarm.limit} <span className="muted">{alarm.unit_symbol}</span></>), optional: true },
      { id: "ackBy", header: t("alarm.ackBy"), width: "110px", value: (alarm) => alarm.ack_by, optional: true },
      { id: "ackTime", header: t("alarm.ackTime"), width: "176px", value: (alarm) => alarm.ack_time, cell: (alarm) => formatDateTime(alarm.ack_time), optional: true },
    ];
    return Object.fromEntries(all.map((column) => [column.id, column]));
  }, [t]);
}

const HEARD = ["priority", "ack", "state", "time", "description", "message", "now", "name", "area", "tag", "limit", "ackBy", "ackTime"];
const KEPT = ["priority", "description", "by", "reason", "underneath", "time", "message", "now", "name", "area", "tag", "limit"];
const OF: Record<Show, readonly string[]> = {
  present: HEARD,
  all: HEARD,
  shelved: ["priority", "description", "remaining", "unshelve", ...KEPT.slice(2)],
  suppressed: KEPT,
  out: KEPT,
};

/** The mark of a row; a click on it with Shift marks all from the one before. */
function useSelectColumn(selection: Selection, count: number): Column<AlarmView> {
  const { t } = useTranslation();
  const { names, click, all, none } = selection;
  return useMemo(
    (): Column<AlarmView> => ({
      id: "select",
      header: t("alarms.select"),
      width: "40px",
      align: "center",
      unsortable: true,
      value: () => "",
      head: (
        <Checkbox
          size="xs"
          aria-label={t("alarms.selectAll")}
          title={t("alarms.selectHint")}
          disabled={count === 0}
          checked={count > 0 && names.size === count}
          indeterminate={names.size > 0 && names.size < count}
          onChange={() => (names.size === count ? none() : all())}
        />
      ),
      cell: (alarm) => (
        <Checkbox
          size="xs"
          aria-label={t("alarms.selectOne", { name: alarm.name })}
          checked={names.has(alarm.name)}
          onClick={(event) => {
            event.stopPropagation();
            click(alarm.name, event.shiftKey);
          }}
          onChange={() => undefined}
        />
      ),
    }),
    [t, names, click, all, none, count],
  );
}

export function useAlarmColumns(show: Show, selection: Selection, count: number, selectable: boolean): Columns {
  const common = useCommonColumns();
  const select = useSelectColumn(selection, count);
  return useMemo(() => [...(selectable ? [select] : []), ...OF[show].flatMap((id) => common[id] ?? [])], [common, select, selectable, show]);
}
