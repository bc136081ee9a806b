/** Alarms, machines, links and the e-stop as the runtime pushes them. */
import type { AlarmCounts, AlarmView, EstopView, Hello, LinkView, MachineView } from "@/api/types";
import type { OperationView } from "@/api/outputs";
import { compareAlarms, countAlarms, isSilent } from "./alarm-order";

/** One value outside React that components can watch. */
export class Cell<T> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: T) {}

  readonly get = (): T => this.value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of this.listeners) listener();
  }
}

export interface AlarmsView {
  /** Every alarm that is not normal and may be heard, most important first. */
  items: readonly AlarmView[];
  /** Those that are kept silent. */
  silent: readonly AlarmView[];
  counts: AlarmCounts;
  /** Tag -> its alarms that are not normal, most important first. */
  byTag: ReadonlyMap<string, readonly AlarmView[]>;
}

/** The alarms that are not normal, in order of importance, those that are kept silent apart. */
export function viewOf(alarms: Iterable<AlarmView>): AlarmsView {
  const standing = [...alarms].filter((alarm) => alarm.state !== "NORM").sort(compareAlarms);
  const items = standing.filter((alarm) => !isSilent(alarm));
  const byTag = new Map<string, AlarmView[]>();
  for (const alarm of items) {
    const list = byTag.get(alarm.tag);
    if (list) list.push(alarm);
    else byTag.set(alarm.tag, [alarm]);
  }
  return { items, silent: standing.filter(isSilent), counts: countAlarms(items), byTag };
}

const byName = <T extends { name: string }>(items: readonly T[], changed: readonly T[]): T[] => {
  const map = new Map(items.map((item) => [item.name, item]));
  for (const item of changed) map.set(item.name, item);
  return [...map.values()];
};

/** What the whole plant shares with every page. */
export class PlantStore {
  readonly alarms = new Cell<AlarmsView>(viewOf([]));
  readonly machines = new Cell<readonly MachineView[]>([]);
  readonly links = new Cell<readonly LinkView[]>([]);
  readonly estop = new Cell<EstopView | null>(null);
  /** The command that has changed last. */
  readonly operation = new Cell<OperationView | null>(null);
  readonly hello = new Cell<Hello | null>(null);
  /** Number of the newest event, 0 until there is news. */
  readonly newestEvent = new Cell(0);
  /** Counts how often tags, alarms or equipment may have come, gone or changed. */
  readonly generation = new Cell(0);

  alarmsSnapshot(items: readonly AlarmView[]): void {
    this.alarms.set(viewOf(items));
  }

  alarmsChanged(items: readonly AlarmView[]): void {
    const { items: heard, silent } = this.alarms.get();
    this.alarms.set(viewOf(byName([...heard, ...silent], items)));
  }

  machinesSnapshot(items: readonly MachineView[]): void {
    this.machines.set(items);
  }

  machinesChanged(items: readonly MachineView[]): void {
    this.machines.set(byName(this.machines.get(), items));
  }

  configurationChanged(): void {
    this.generation.set(this.generation.get() + 1);
  }

  linksChanged(items: readonly LinkView[]): void {
    this.links.set(byName(this.links.get(), items));
  }
}
