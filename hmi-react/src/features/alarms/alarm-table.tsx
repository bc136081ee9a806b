/** A list of alarms: sorted, in groups if wanted, with rows that are selected by mouse, finger or keyboard. */
import { Button } from "@mantine/core";
import { useMemo, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import type { AlarmView } from "@/api/types";
import { compareValues } from "@/ui/data-table";
import { PriorityIcon } from "@/ui/priority-icon";
import { csvFile, download, toCsv, type Column, type Sort } from "@/ui/table-columns";
import { TableGrid, type GridRow } from "@/ui/table-grid";
import { TableTools } from "@/ui/table-tools";
import { useColumns } from "@/ui/use-columns";
import { useSort } from "@/ui/use-sort";
import { useAlarmColumns } from "./alarm-columns";
import { groupAlarms, type AlarmGroup, type Grouping, type Show } from "./alarm-filter";
import { BulkBar } from "./bulk-bar";
import { useSelection, type Selection } from "./use-selection";

interface Props {
  show: Show;
  rows: readonly AlarmView[];
  grouping: Grouping;
  chosen: string | undefined;
  tools: ReactNode;
  empty: ReactNode;
  onOpen(alarm: AlarmView): void;
}

const FILES = new Set(["select", "ack", "unshelve"]);

function sorted(rows: readonly AlarmView[], columns: readonly Column<AlarmView>[], sort: Sort | null): readonly AlarmView[] {
  const column = columns.find((one) => one.id === sort?.id);
  if (!sort || !column) return rows;
  return [...rows].sort((a, b) => (sort.desc ? -1 : 1) * compareValues(column.value(a), column.value(b)));
}

type Row = GridRow<AlarmView>;

function rowsOf(groups: readonly AlarmGroup[], grouping: Grouping, heading: (group: AlarmGroup) => ReactNode): Row[] {
  return groups.flatMap((group) => [
    ...(grouping === "none" ? [] : [{ key: `group ${group.key}`, row: undefined, heading: heading(group) }]),
    ...group.alarms.map((alarm): Row => ({ key: alarm.name, row: alarm })),
  ]);
}

export function AlarmTable({ show, rows, grouping, chosen, tools, empty, onOpen }: Props) {
  const { t } = useTranslation();
  const selectable = useMay("operator");
  const [sort, setSort] = useSort();
  const base = useAlarmColumns(show, NOTHING_SELECTED, 0, false);
  const groups = useMemo(() => groupAlarms(sorted(rows, base, sort), grouping), [rows, base, sort, grouping]);
  const visible = useMemo(() => groups.flatMap((group) => group.alarms), [groups]);
  const selection = useSelection(visible);
  const columns = useAlarmColumns(show, selection, visible.length, selectable && show !== "suppressed" && show !== "out");
  const { visibility, toggle } = useColumns(`alarms.${show}`, columns);
  const shown = columns.filter((column) => visibility[column.id]);
  const lines = useMemo(() => rowsOf(groups, grouping, (group) => <GroupHead group={group} grouping={grouping} />), [groups, grouping]);
  const onRowKey = (event: KeyboardEvent, index: number): boolean => selectable && keyed(event, lines, index, selection);
  const files = (
    <Button size="xs" variant="default" onClick={() => download("alarms.csv", csvFile(toCsv(shown.filter((column) => !FILES.has(column.id)), visible)))}>
      CSV
    </Button>
  );
  return (
    <div className="table-frame">
      <TableTools columns={columns.filter((column) => column.id !== "select")} visibility={visibility} toggle={toggle} count={visible.length} files={files}>
        {tools}
      </TableTools>
      {selectable && show !== "suppressed" && show !== "out" && <BulkBar show={show} visible={visible} selection={selection} />}
      <TableGrid
        label={t("nav.alarms")}
        shown={shown}
        count={lines.length}
        rowAt={(index) => lines[index] ?? { key: String(index), row: undefined }}
        sort={sort}
        onSort={setSort}
        onOpen={onOpen}
        onRowKey={onRowKey}
        marked={selection.names}
        selected={chosen}
        empty={empty}
      />
    </div>
  );
}

const nothing = (): void => undefined;
const NOTHING_SELECTED: Selection = { chosen: [], names: new Set(), click: nothing, all: nothing, none: nothing };

/** Space selects, with Shift from the one before; Shift and an arrow take the next one too; Ctrl+A all; Escape none. */
function keyed(event: KeyboardEvent, lines: readonly Row[], index: number, selection: Selection): boolean {
  const name = lines[index]?.row?.name;
  if (name === undefined || event.altKey) return false;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") selection.all();
  else if (event.ctrlKey || event.metaKey) return false;
  else if (event.key === " ") selection.click(name, event.shiftKey);
  else if (event.key === "Escape" && selection.names.size > 0) selection.none();
  else if (event.shiftKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const step = event.key === "ArrowDown" ? 1 : -1;
    let next = index + step;
    while (lines[next] && lines[next]?.row === undefined) next += step;
    const beside = lines[next]?.row?.name;
    if (!selection.names.has(name)) selection.click(name, false);
    if (beside !== undefined) selection.click(beside, true);
  } else return false;
  return true;
}

function GroupHead({ group, grouping }: { group: AlarmGroup; grouping: Grouping }) {
  const { t } = useTranslation();
  const count = group.alarms.length;
  if (grouping === "area") return <>{t("alarms.groupOf", { name: group.key || t("alarms.noArea"), count })}</>;
  const priority = group.alarms[0]?.priority ?? 5;
  return (
    <>
      <PriorityIcon priority={priority} size={15} />
      {t("alarms.groupOf", { name: t(`alarm.priorities.p${priority as 1 | 2 | 3 | 4 | 5}`), count })}
    </>
  );
}
