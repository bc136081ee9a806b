/** The small marks beside a value that is not simply true and live. */

export type BadgeKind = "bad" | "stale" | "forced" | "simulated";

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
  if (kind === "stale") {
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
  return <path d="M1 8C3 2 6 2 8 8S13 14 15 8" fill="none" stroke="var(--text)" strokeWidth={2} />;
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
