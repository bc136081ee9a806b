/** An analog value as a bar: range, normal band, alarm limits, setpoint. */

export interface Limit {
  value: number;
  priority: number;
}

interface Props {
  value: number | null;
  range: readonly [number, number];
  limits?: readonly Limit[];
  /** Low and high end of what is normal. */
  band?: readonly [number, number] | null;
  setpoint?: number | null;
  dim?: boolean;
  label: string;
}

/** Where a value lies in its range, 0 to 1, held at the ends. */
export function fraction(value: number, range: readonly [number, number]): number {
  const span = range[1] - range[0];
  if (span <= 0) return 0;
  return Math.min(1, Math.max(0, (value - range[0]) / span));
}

const WIDTH = 320;

/** Horizontal bar of 320 x 28 units that scales with its box. */
export function Bar({ value, range, limits = [], band = null, setpoint = null, dim = false, label }: Props) {
  const x = (at: number): number => fraction(at, range) * WIDTH;
  return (
    <svg className="bar" viewBox={`-6 0 ${WIDTH + 12} 28`} role="img" aria-label={label}>
      <rect x={0} y={8} width={WIDTH} height={12} fill="var(--vessel)" stroke="var(--line-strong)" />
      {band && <rect x={x(band[0])} y={8} width={Math.max(0, x(band[1]) - x(band[0]))} height={12} fill="var(--band)" />}
      {value !== null && <rect x={0} y={10} width={x(value)} height={8} fill={dim ? "var(--text-3)" : "var(--equip-line)"} opacity={dim ? 0.5 : 1} />}
      {limits.map((limit) => (
        <path key={`${limit.priority}:${limit.value}`} d={`M${x(limit.value)} 5V23`} stroke={`var(--p${limit.priority})`} strokeWidth={3} />
      ))}
      {setpoint !== null && <path d={`M${x(setpoint) - 5} 27h10l-5 -8z`} fill="var(--operate)" />}
      {value !== null && <path d={`M${x(value) - 5} 1h10l-5 8z`} fill="var(--mark)" opacity={dim ? 0.5 : 1} />}
    </svg>
  );
}
