/** Per area of the plant: how many alarms, the worst of them as icon. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useTags } from "@/api/queries";
import type { AlarmView } from "@/api/types";
import { useAlarms } from "@/live/live";
import { PriorityIcon } from "@/ui/priority-icon";

/** The last word of an area's path. */
export const shortArea = (area: string): string => area.split("/").at(-1) ?? area;

export function AreaAlarms() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: tags } = useTags();
  const { items } = useAlarms();
  const areas = useMemo(() => [...new Set((tags ?? []).filter((tag) => tag.kind !== "system").map((tag) => tag.area))].filter(Boolean), [tags]);
  const byArea = useMemo(() => {
    const map = new Map<string, AlarmView[]>();
    for (const alarm of items) map.set(alarm.area, [...(map.get(alarm.area) ?? []), alarm]);
    return map;
  }, [items]);
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
