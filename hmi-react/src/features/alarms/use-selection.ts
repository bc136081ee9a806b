/** Which alarms are selected: one by one, by ranges, or all that are seen. */
import { useCallback, useMemo, useRef, useState } from "react";
import type { AlarmView } from "@/api/types";

export type Names = ReadonlySet<string>;

/** The names after one was clicked. from: where a range begins, null for the one alone; order: as they are seen. */
export function clicked(names: Names, order: readonly string[], name: string, from: string | null): Names {
  const next = new Set(names);
  const start = from === null ? -1 : order.indexOf(from);
  const end = order.indexOf(name);
  if (start === -1 || end === -1) {
    if (!next.delete(name)) next.add(name);
    return next;
  }
  for (const one of order.slice(Math.min(start, end), Math.max(start, end) + 1)) next.add(one);
  return next;
}

export interface Selection {
  /** The selected alarms among those that are seen, in their order; what a filter hides is not selected. */
  chosen: readonly AlarmView[];
  names: Names;
  /** ranged: with all between this one and the one before. */
  click(name: string, ranged: boolean): void;
  all(): void;
  none(): void;
}

export function useSelection(visible: readonly AlarmView[]): Selection {
  const [picked, setPicked] = useState<Names>(new Set());
  const from = useRef<string | null>(null);
  const chosen = useMemo(() => visible.filter((alarm) => picked.has(alarm.name)), [visible, picked]);
  const names = useMemo(() => new Set(chosen.map((alarm) => alarm.name)), [chosen]);
  const click = useCallback(
    (name: string, ranged: boolean): void => {
      const start = ranged ? from.current : null;
      const order = visible.map((alarm) => alarm.name);
      setPicked((now) => clicked(new Set(order.filter((one) => now.has(one))), order, name, start));
      from.current = name;
    },
    [visible],
  );
  const all = useCallback(() => setPicked(new Set(visible.map((alarm) => alarm.name))), [visible]);
  const none = useCallback(() => setPicked(new Set()), []);
  return { chosen, names, click, all, none };
}
