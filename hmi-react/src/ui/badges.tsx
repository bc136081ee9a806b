/** The small marks beside a value that is not simply true and live. */

import type { Condition } from "./quality";

export type BadgeKind = Condition | "stale" | "simulated";

const LINES: Partial<Record<BadgeKind, string>> = {
  frozen: "M8 1V15M2 4.5L14 11.5M14 4.5L2 11.5M6 2.5L8 4.5L10 2.5M6 13.5L8 11.5L10 13.5",
  over_range: "M2 3H14M8 14V6M4.5 9L8 5.5L11.5 9",
  under_range: "M2 13H14M8 2V10M4.5 7L8 10.5L11.5 7",
  rate: "M1 13H5L9 3H15",
  disagrees: "M2 6H14M2 10.5H14M11 2.5L5 14",
  simulated: "M1 8C3 2 6 2 8 8S13 14 15 8",
};

function Mark({ kind }: { kind: BadgeKind }) {
  if (kind === "bad") {
    return (
      <>
        <rect x={0.5} y={0.5} width={15} height={15} rx={2} fill="var(--bad)" />
        <text x={8} y={12.3} fontSize={12} fontWeight={700} textAnchor="middle" fill="var(--field)">
          ?
        </text>
      </>
    );
  }
  if (kind === "out_of_service") {
    return (
      <g fill="none" stroke="var(--bad)" strokeWidth={2}>
        <circle cx={8} cy={8} r={6.6} fill="var(--raised)" />
        <path d="M3.5 12.5L12.5 3.5" />
      </g>
    );
  }
  if (kind === "stale" || kind === "late") {
    return (
      <g fill="none" stroke="var(--text)" strokeWidth={1.6}>
        <circle cx={8} cy={8} r={6.6} fill="var(--raised)" />
        <path d="M8 4V8.4L11 10" />
      </g>
    );
  }
  if (kind === "forced") {
    return (
      <path
        d="M4 15V9L2 7.5L3.2 6.2L5 7.4V2.6H6.6V7H7.4V1.4H9V7H9.8V2.2H11.4V7.4H12.2V4H13.8V11L12 15Z"
        fill="var(--operate)"
        stroke="var(--operate)"
        strokeWidth={0.6}
      />
    );
  }
  return <path d={LINES[kind]} fill="none" stroke="var(--text)" strokeWidth={kind === "frozen" ? 1.4 : 2} />;
}

/** The mark in a 16 x 16 box, for use inside other drawings. */
export function BadgeMark({ kind, x, y }: { kind: BadgeKind; x: number; y: number }) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <Mark kind={kind} />
    </g>
  );
}

/** The mark as an icon with a name. */
export function Badge({ kind, label }: { kind: BadgeKind; label: string }) {
  return (
    <svg className="value-badge" width={14} height={14} viewBox="0 0 16 16" role="img" aria-label={label} data-badge={kind}>
      <title>{label}</title>
      <Mark kind={kind} />
    </svg>
  );
}
