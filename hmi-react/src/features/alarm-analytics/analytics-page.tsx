/** Alarm performance: whether the alarms serve the people who answer them, and which of them to set right first. */
import { Button, Select, Switch } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { fetchAnalytics, fetchLiveAnalytics } from "@/api/alarm-history";
import { useAlarmList } from "@/api/queries";
import { presentS } from "@/live/live";
import { areasWithin } from "@/ui/areas";
import { formatTime } from "@/ui/format";
import { Loaded, Page, Problem } from "@/ui/page";
import { boundsOf, isOrdered, periodOf } from "@/ui/period";
import { PeriodPicker } from "@/ui/period-picker";
import { useAddressWords } from "@/ui/use-address";
import { Report } from "./report";
import "./alarm-analytics.css";

const LIVE_MS = 10_000;
const PRESET_MS = 60_000;

export default function AnalyticsPage() {
  const { t } = useTranslation();
  const [search, set] = useAddressWords();
  const live = search.get("live") !== null;
  const area = search.get("area") ?? "";
  const period = periodOf(search, "24h");
  const list = useAlarmList();
  const areas = useMemo(() => areasWithin([...(list.data?.items ?? []).map((alarm) => alarm.area), area]), [list.data, area]);
  const query = useQuery({
    queryKey: ["alarm-analytics", live ? "live" : period, area],
    enabled: live || isOrdered(period),
    queryFn: ({ signal }) => (live ? fetchLiveAnalytics(area, signal) : fetchAnalytics({ ...boundsOf(period, presentS()), area }, signal)),
    placeholderData: keepPreviousData,
    refetchInterval: live ? LIVE_MS : period.preset === null ? false : PRESET_MS,
  });
  const { data } = query;
  const tools = (
    <>
      <Switch size="xs" className="perf-live" label={t("performance.live")} title={t("performance.liveHint")} checked={live} onChange={(event) => set({ live: event.currentTarget.checked ? "1" : null })} />
      {!live && <PeriodPicker period={period} onChange={set} />}
      <Select
        size="xs"
        clearable
        searchable
        placeholder={t("performance.plant")}
        aria-label={t("performance.area")}
        data={areas}
        value={area || null}
        onChange={(value) => set({ area: value })}
        style={{ width: 160 }}
      />
      <Button size="xs" variant="default" className="perf-print" onClick={() => window.print()}>
        {t("performance.print")}
      </Button>
    </>
  );
  return (
    <Page title={t("nav.alarmPerformance")} tools={tools} note={data && live && t("performance.refreshed", { time: formatTime(query.dataUpdatedAt / 1000) })} scroll>
      <Loaded query={{ ...query, error: data ? null : query.error }} height={600}>
        {Boolean(data && query.error) && <Problem error={query.error} retry={() => void query.refetch()} />}
        {data && (
          <div className="perf-content" aria-busy={query.isPlaceholderData}>
            <Report found={data} area={area} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
