/** Which columns of a table a user wants to see, kept per user and table. */
import { useCallback, useState } from "react";
import { useSession } from "@/api/auth";
import type { Column } from "./table-columns";

const NARROW = 768;

/** True on a phone, where columns are fewer and shorter. */
export const isNarrow = (): boolean => window.innerWidth < NARROW;

type Visibility = Record<string, boolean>;

function read(key: string): Visibility {
  try {
    return (JSON.parse(window.localStorage.getItem(key) ?? "{}") as Visibility | null) ?? {};
  } catch {
    return {};
  }
}

function byDefault<T>(column: Column<T>): boolean {
  return !column.optional && !(column.wide && isNarrow());
}

export function useColumns<T>(name: string, columns: readonly Column<T>[]): { visibility: Visibility; toggle(id: string): void } {
  const user = useSession()?.user.name ?? "";
  const key = `automation.columns.${user}.${name}`;
  const [chosen, setChosen] = useState<Visibility>(() => read(key));
  const visibility: Visibility = {};
  for (const column of columns) visibility[column.id] = chosen[column.id] ?? byDefault(column);
  const toggle = useCallback(
    (id: string) =>
      setChosen((now) => {
        const column = columns.find((one) => one.id === id);
        const next = { ...now, [id]: !(now[id] ?? (column !== undefined && byDefault(column))) };
        window.localStorage.setItem(key, JSON.stringify(next));
        return next;
      }),
    [columns, key],
  );
  return { visibility, toggle };
}
