/** Things that hold: tank with level, vessel. */
import { useTagAlarmLimits } from "@/live/directory";
import { fraction } from "@/ui/bar";
import { bound, Caption, Figure, numberState, rangeOf, useBound, type SymbolProps } from "./frame";

export function Tank({ element }: SymbolProps) {
  const { w, h } = element;
  const name = bound(element, "level") ?? bound(element, "value");
  const shown = useBound(element, bound(element, "level") ? "level" : "value");
  const limits = useTagAlarmLimits(name);
  const range = rangeOf(element, shown);
  const level = numberState(shown);
  const roof = Math.min(14, h * 0.1);
  const inner = h - 2 * roof;
  const top = (value: number): number => roof + inner * (1 - fraction(value, range));
  const body = `M2 ${roof}Q${w / 2} ${-roof * 0.7} ${w - 2} ${roof}V${h - roof}Q${w / 2} ${h + roof * 0.7} 2 ${h - roof}Z`;
  const clip = `tank-${element.id}`;
  const bad = shown.severity === "BAD";
  return (
    <>
      <clipPath id={clip}>
        <path d={body} />
      </clipPath>
      <path d={body} fill="var(--vessel)" />
      {level !== null && (
        <g clipPath={`url(#${clip})`} opacity={bad || !shown.live ? 0.45 : 1}>
          <rect x={0} y={top(level)} width={w} height={h - top(level) + roof} fill={bad ? "url(#mimic-unknown)" : "var(--liquid)"} />
          <path d={`M0 ${top(level)}H${w}`} stroke="var(--mark)" strokeWidth={1.5} />
        </g>
      )}
      <path d={body} fill="none" stroke="var(--equip-line)" strokeWidth={2} />
      {[0.25, 0.5, 0.75].map((part) => (
        <path key={part} d={`M${w - 2} ${roof + inner * part}h-7`} stroke="var(--equip-line)" strokeWidth={1} />
      ))}
      {limits.map((limit) => (
        <path key={limit.name} d={`M${w + 1} ${top(limit.value)}l9 -5v10z`} fill={`var(--p${limit.priority})`} opacity={0.9}>
          <title>{limit.name}</title>
        </path>
      ))}
      {name && <Figure name={name} x={8} y={h / 2 - 14} w={w - 16} h={28} size={17} boxed />}
      <Caption text={element.label} x={w / 2} y={-10} />
    </>
  );
}

export function Vessel({ element }: SymbolProps) {
  const { w, h } = element;
  const name = bound(element, "value");
  return (
    <>
      <rect x={1} y={1} width={w - 2} height={h - 2} rx={Math.min(w, h) / 2.4} fill="var(--vessel)" stroke="var(--equip-line)" strokeWidth={2} />
      {name && <Figure name={name} x={8} y={h / 2 - 14} w={w - 16} h={28} size={16} boxed />}
      <Caption text={element.label} x={w / 2} y={-10} />
    </>
  );
}

export function HeatExchanger({ element }: SymbolProps) {
  const { w, h } = element;
  const r = Math.min(w, h) / 2 - 1;
  return (
    <>
      <circle cx={w / 2} cy={h / 2} r={r} fill="var(--vessel)" stroke="var(--equip-line)" strokeWidth={2} />
      <path d={`M0 ${h / 2}H${w * 0.3}L${w * 0.45} ${h * 0.25}L${w * 0.6} ${h * 0.75}L${w * 0.72} ${h / 2}H${w}`} fill="none" stroke="var(--equip-line)" strokeWidth={2} />
      <Caption text={element.label} x={w / 2} y={h + 18} />
    </>
  );
}
