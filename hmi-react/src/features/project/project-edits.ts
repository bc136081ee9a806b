/** The edits of the running configuration, with what was edited in each. */
import type { ObjectKey, PlanLine } from "@/api/configuration";

const keyOf = ({ kind, name }: ObjectKey): string => `${kind}:${name}`;

/** One line for each edited object; its fields where a plan tells them. */
export function editedLines(edited: readonly ObjectKey[], planned: readonly PlanLine[]): PlanLine[] {
  const known = new Map(planned.map((line) => [keyOf(line), line]));
  return edited.map(({ kind, name }) => {
    const line = known.get(keyOf({ kind, name }));
    return { action: "drift", kind, name, fields: line?.fields ?? {}, touches: line?.touches ?? [] };
  });
}
