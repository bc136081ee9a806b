/** Opening a faceplate from anywhere: it is part of the address, so it can be linked and the back button closes it. */
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

export interface FaceplateTarget {
  tag?: string | undefined;
  machine?: string | undefined;
  /** Other points of the same equipment. */
  related?: readonly string[];
  /** The tag that tells the setpoint of the shown one. */
  setpoint?: string | undefined;
}

interface Faceplate {
  target: FaceplateTarget | null;
  open(target: FaceplateTarget): void;
  close(): void;
}

/** The address's query with the target put in, or taken out. */
export function withTarget(search: URLSearchParams, target: FaceplateTarget | null): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const key of ["faceplate", "machine", "with", "setpoint"]) next.delete(key);
  if (target?.tag) next.set("faceplate", target.tag);
  if (target?.machine) next.set("machine", target.machine);
  if (target?.related?.length) next.set("with", target.related.join(","));
  if (target?.setpoint) next.set("setpoint", target.setpoint);
  return next;
}

/** The target that the address names, or null. */
export function targetOf(search: URLSearchParams): FaceplateTarget | null {
  const tag = search.get("faceplate") ?? undefined;
  const machine = search.get("machine") ?? undefined;
  if (tag === undefined && machine === undefined) return null;
  const related = (search.get("with") ?? "").split(",").filter(Boolean);
  return { tag, machine, related, setpoint: search.get("setpoint") ?? undefined };
}

export function useFaceplate(): Faceplate {
  const [search, setSearch] = useSearchParams();
  const open = useCallback((target: FaceplateTarget) => setSearch((now) => withTarget(now, target), { replace: true }), [setSearch]);
  const close = useCallback(() => setSearch((now) => withTarget(now, null), { replace: true }), [setSearch]);
  const target = useMemo(() => targetOf(search), [search]);
  return { target, open, close };
}
