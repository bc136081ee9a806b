/** Every alarm: what is wrong now first, what is kept silent, and the definitions of the rest. */
import { Button, NativeSelect, Tabs } from "@mantine/core";
import { useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "@/api/auth";
import { useAlarmList } from "@/api/queries";
import type { AlarmView } from "@/api/types";
import { PRIORITIES } from "@/live/alarm-order";
import { useAlarms } from "@/live/live";
import { AddressText } from "@/ui/address-text";
import { Empty, Loaded, Page } from "@/ui/page";
import { useAddress } from "@/ui/use-address";
import { AlarmDetail } from "./alarm-detail";
import { areasOf, countShows, filterAlarms, GROUPS, mergeAlarms, showOf, SHOWS, STATES, type Grouping, type Show } from "./alarm-filter";
import { AlarmTable } from "./alarm-table";
import "./alarms.css";

export default function AlarmsPage() {
  const { t } = useTranslation();
  const [search, set] = useAddress();
  const engineer = useMay("engineer");
  const list = useAlarmList();
  const { items: heard, silent, counts } = useAlarms();
  const all = useMemo(() => mergeAlarms(list.data?.items ?? [], [...heard, ...silent]), [list.data, heard, silent]);
  const show = showOf(search.get("show"));
  const [text, area, priority, state] = ["search", "area", "priority", "state"].map((name) => search.get(name) ?? "") as [string, string, string, string];
  const grouping = GROUPS.find((one) => one === search.get("group")) ?? "none";
  const rows = useMemo(() => filterAlarms(all, { show, text, area, priority, state }), [all, show, text, area, priority, state]);
  const chosen = all.find((alarm) => alarm.name === search.get("alarm"));
  const filtered = text !== "" || area !== "" || priority !== "" || state !== "";
  return (
    <Page
      title={t("nav.alarms")}
      note={t("strip.counts", { unack: counts.unack, active: counts.active })}
      tools={
        engineer && (
          <Button size="xs" component={Link} to="/alarms/new">
            {t("alarmForm.new")}
          </Button>
        )
      }
    >
      <Loaded query={list} height={600}>
        <div className="alarms">
          <Views all={all} show={show} onShow={(next) => set("show", next)} />
          <div className="split">
            <div className="split-main">
              <AlarmTable
                key={show}
                show={show}
                rows={rows}
                grouping={grouping}
                chosen={chosen?.name}
                tools={<Filters all={all} area={area} priority={priority} state={state} grouping={grouping} text={text} set={set} />}
                onOpen={(alarm) => set("alarm", alarm.name)}
                empty={<Empty title={t(filtered ? "alarm.noMatch" : "alarm.none")} hint={t(filtered ? "alarm.noMatchHint" : `alarms.hint.${show}`)} />}
              />
            </div>
            {chosen && <AlarmDetail key={chosen.name} alarm={chosen} onClose={() => set("alarm", null)} />}
          </div>
        </div>
      </Loaded>
    </Page>
  );
}

function Views({ all, show, onShow }: { all: readonly AlarmView[]; show: Show; onShow: (show: Show) => void }): ReactNode {
  const { t } = useTranslation();
  const counts = useMemo(() => countShows(all), [all]);
  return (
    <Tabs value={show} onChange={(value) => onShow(showOf(value))} className="alarms-views">
      <Tabs.List aria-label={t("alarms.views")}>
        {SHOWS.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {t(`alarm.shows.${one}`)} <span className="alarms-count">{counts[one]}</span>
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  );
}

interface FiltersProps {
  all: readonly AlarmView[];
  text: string;
  area: string;
  priority: string;
  state: string;
  grouping: Grouping;
  set(name: string, value: string | null): void;
}

function Filters({ all, text, area, priority, state, grouping, set }: FiltersProps) {
  const { t } = useTranslation();
  const areas = useMemo(() => areasOf(all), [all]);
  const select = (name: string, label: string, value: string, data: { value: string; label: string }[]) => (
    <NativeSelect size="xs" aria-label={label} value={value} onChange={(event) => set(name, event.currentTarget.value)} data={data} className="alarms-filter" data-set={value !== ""} />
  );
  return (
    <>
      <AddressText size="xs" type="search" placeholder={t("alarm.search")} aria-label={t("alarm.search")} value={text} onChange={(typed) => set("search", typed)} className="alarms-search" />
      {select("priority", t("alarm.priority"), priority, [
        { value: "", label: t("alarms.allPriorities") },
        ...PRIORITIES.map((one) => ({ value: String(one), label: t("alarms.priorityOf", { priority: one, word: t(`alarm.priorities.p${one}`) }) })),
      ])}
      {select("area", t("tags.area"), area, [{ value: "", label: t("alarms.allAreas") }, ...areas.map((one) => ({ value: one, label: one }))])}
      {select("state", t("alarm.stateHead"), state, [
        { value: "", label: t("alarms.allStates") },
        ...STATES.map((one) => ({ value: one, label: one === "unack" ? t("alarms.anyUnack") : t(`alarm.state.${one}`) })),
      ])}
      {select("group", t("alarms.group"), grouping === "none" ? "" : grouping, GROUPS.map((one) => ({ value: one === "none" ? "" : one, label: t(`alarms.groups.${one}`) })))}
    </>
  );
}
