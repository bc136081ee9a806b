/** Every alarm: what is wrong now first, and the definitions of the rest. */
import { SegmentedControl, Select } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useAlarmList } from "@/api/queries";
import { useAlarms } from "@/live/live";
import { AddressText } from "@/ui/address-text";
import { DataTable } from "@/ui/data-table";
import { Empty, Loaded, Page } from "@/ui/page";
import { AlarmDetail } from "./alarm-detail";
import { useAlarmColumns } from "./alarm-columns";
import { filterAlarms, mergeAlarms, SHOWS, type Show } from "./alarm-filter";

export default function AlarmsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const list = useAlarmList();
  const { items: heard, silent, counts } = useAlarms();
  const columns = useAlarmColumns();
  const all = useMemo(() => mergeAlarms(list.data?.items ?? [], [...heard, ...silent]), [list.data, heard, silent]);
  const show = (search.get("show") ?? "present") as Show;
  const [text, area, priority] = ["search", "area", "priority"].map((name) => search.get(name) ?? "");
  const rows = useMemo(() => filterAlarms(all, { show, text: text ?? "", area: area ?? "", priority: priority ?? "" }), [all, show, text, area, priority]);
  const areas = useMemo(() => [...new Set(all.map((alarm) => alarm.area).filter(Boolean))].sort(), [all]);
  const chosen = all.find((alarm) => alarm.name === search.get("alarm"));
  const set = (name: string, value: string | null): void =>
    setSearch(
      (now) => {
        if (value) now.set(name, value);
        else now.delete(name);
        return now;
      },
      { replace: true },
    );
  const tools = (
    <>
      <SegmentedControl size="xs" transitionDuration={0} aria-label={t("alarm.show")} value={show} onChange={(value) => set("show", value)} data={SHOWS.map((one) => ({ value: one, label: t(`alarm.shows.${one}`) }))} />
      <AddressText size="xs" type="search" placeholder={t("alarm.search")} aria-label={t("alarm.search")} value={text ?? ""} onChange={(typed) => set("search", typed)} style={{ width: 200 }} />
      <Select size="xs" clearable placeholder={t("tags.area")} aria-label={t("tags.area")} data={areas} value={area || null} onChange={(value) => set("area", value)} style={{ width: 150 }} />
      <Select size="xs" clearable placeholder={t("alarm.priority")} aria-label={t("alarm.priority")} data={["1", "2", "3", "4", "5"]} value={priority || null} onChange={(value) => set("priority", value)} style={{ width: 110 }} />
    </>
  );
  return (
    <Page title={t("nav.alarms")} note={t("strip.counts", { unack: counts.unack, active: counts.active })}>
      <Loaded query={list} height={600}>
        <div className="split">
          <div className="split-main">
            <DataTable
              name="alarms"
              label={t("nav.alarms")}
              columns={columns}
              rows={rows}
              rowKey={(alarm) => alarm.name}
              onOpen={(alarm) => set("alarm", alarm.name)}
              selected={chosen?.name}
              tools={tools}
              empty={<Empty title={t(show === "all" ? "alarm.noMatch" : "alarm.none")} hint={t(show === "all" ? "alarm.noMatchHint" : "alarm.noneHint")} />}
            />
          </div>
          {chosen && <AlarmDetail key={chosen.name} alarm={chosen} onClose={() => set("alarm", null)} />}
        </div>
      </Loaded>
    </Page>
  );
}
