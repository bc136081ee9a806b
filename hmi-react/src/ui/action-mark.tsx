/** What a plan or an import does to an object, told by shape: nothing of it is abnormal but a mistake or a conflict. */
export type Action = "add" | "change" | "remove" | "same" | "bad" | "conflict" | "drift";

const SHAPES: Record<Action, string> = {
  add: "M8 2V14M2 8H14",
  change: "M8 2.5L14 13.5H2Z",
  remove: "M2 8H14",
  same: "M3 6H13M3 10H13",
  bad: "M3 3L13 13M13 3L3 13",
  conflict: "M8 1.5V10M8 12.5V14.5",
  drift: "M1 8C3 2 6 2 8 8S13 14 15 8",
};

export function ActionMark({ action, label }: { action: Action; label: string }) {
  const wrong = action === "bad" || action === "conflict";
  return (
    <span className="action-mark" data-action={action}>
      <svg width={14} height={14} viewBox="0 0 16 16" fill="none" stroke={wrong ? "var(--bad)" : "currentColor"} strokeWidth={2.4} aria-hidden>
        <path d={SHAPES[action]} />
      </svg>
      <span style={wrong ? { color: "var(--bad)" } : undefined}>{label}</span>
    </span>
  );
}
