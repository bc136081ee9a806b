/** The alarms of one tag: limits, state, acknowledgement. */
import { useTranslation } from "react-i18next";
import { useAlarmList } from "@/api/queries";
import type { TagView } from "@/api/types";
import { useAlarms, useTagAlarms } from "@/live/live";
import { AcknowledgeButton } from "./acknowledge-button";
import { formatTime, formatValue, unitOf } from "./format";
import { PriorityIcon } from "./priority-icon";

interface Props {
  tag: TagView;
  /** Leave the heading to the panel around. */
  bare?: boolean;
}

export function TagAlarms({ tag, bare = false }: Props) {
  const { t } = useTranslation();
  const heard = useTagAlarms(tag.name);
  const present = [...heard, ...useAlarms().silent.filter((alarm) => alarm.tag === tag.name)];
  const { data } = useAlarmList();
  const known = (data?.items ?? []).filter((alarm) => alarm.tag === tag.name);
  const shown = [...present, ...known.filter((alarm) => !present.some((one) => one.name === alarm.name)).map((alarm) => ({ ...alarm, state: "NORM" as const }))];
  if (shown.length === 0) return null;
  return (
    <section>
      {!bare && <h3>{t("nav.alarms")}</h3>}
      {shown.map((alarm) => (
        <div key={alarm.name} className="tag-alarm">
          <PriorityIcon priority={alarm.priority} state={alarm.state} size={15} />
          <span className="tag-alarm-text">
            {alarm.description || alarm.name}
            <small>
              {alarm.limit === null ? t(`alarm.conditions.${alarm.condition}`) : `${t(`alarm.conditions.${alarm.condition}`)} ${formatValue(alarm.limit, tag)} ${unitOf(tag)}`} ·{" "}
              {t(`alarm.state.${alarm.state}`)}
              {alarm.state !== "NORM" && ` · ${formatTime(alarm.active_time)}`}
            </small>
          </span>
          <AcknowledgeButton alarm={alarm} compact />
        </div>
      ))}
    </section>
  );
}
