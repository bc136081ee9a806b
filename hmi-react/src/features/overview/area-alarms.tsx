/** Per area of the plant: how many alarms, the worst of them as icon. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useAlarmList } from "@/api/queries";
import type { AlarmView } from "@/api/types";
import { useAlarms } from "@/live/live";
import { PriorityIcon } from "@/ui/priority-icon";

const MOST = 12;

/** The last word of an area's path. */
export const shortArea = (area: string): string => area.split("/").at(-1) ?? area;

export function AreaAlarms() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data } = useAlarmList();
  const { items } = useAlarms();
  const byArea = useMemo(() => {
    const map = new Map<string, AlarmView[]>();
    for (const alarm of items) map.set(alarm.area, [...(map.get(alarm.area) ?? []), alarm]);
    return map;
  }, [items]);
  const areas = useMemo(() => {
    const all = [...new Set((data?.items ?? []).map((alarm) => alarm.area))].filter(Boolean);
    // A plant of very many areas shows those where something is the matter.
    return all.length <= MOST ? all : [...byArea.keys()].filter(Boolean).slice(0, MOST);
  }, [data, byArea]);
  return (
    <div className="area-alarms">
      {areas.map((area) => {
        const alarms = byArea.get(area) ?? [];
        const worst = alarms[0];
        return (
          <button
            key={area}
            type="button"
            className="plain-button chip"
            onClick={() => void navigate(`/alarms?area=${encodeURIComponent(area)}`)}
            aria-label={t("overview.area", { area, count: alarms.length })}
          >
            {worst && <PriorityIcon priority={worst.priority} state={worst.state} size={13} />}
            {shortArea(area)} <b>{alarms.length}</b>
          </button>
        );
      })}
    </div>
  );
}
