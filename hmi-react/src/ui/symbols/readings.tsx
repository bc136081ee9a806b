/** Things that show a figure: sensor bubble, indicator, bar, setpoint, machine state, words. */
import { useTranslation } from "react-i18next";
import { useTagAlarmLimits, useTagInfo } from "@/live/directory";
import { plantStore, useCell, useIsLive, useTagSelect } from "@/live/live";
import type { Live } from "@/live/tag-store";
import { fraction } from "@/ui/bar";
import { isBad } from "@/ui/quality";
import { useLiveMachine } from "@/ui/use-machines";
import { bound, Caption, Figure, numberProp, numberState, rangeOf, textProp, useBound, type SymbolProps } from "./frame";

export function Sensor({ element }: SymbolProps) {
  const { w, h } = element;
  const name = bound(element, "value");
  const r = Math.min(w, h) / 2 - 1;
  return (
    <>
      <circle cx={w / 2} cy={h / 2} r={r} fill="var(--raised)" stroke="var(--equip-line)" strokeWidth={1.5} />
      <text x={w / 2} y={h / 2 + 5} textAnchor="middle" fontSize={Math.min(15, r * 0.8)} fontWeight={600} fill="var(--text)">
        {textProp(element, "letters")}
      </text>
      {name && element.props?.["figure"] === true && <Figure name={name} x={w + 4} y={h / 2 - 11} w={130} align="start" />}
      <Caption text={element.label} x={w / 2} y={h + 15} />
    </>
  );
}

/** Height of the filled part to half a unit, negative for a bad value, null for none: equal numbers need no drawing. */
function heightIn(sample: Live | undefined, range: readonly [number, number] | null, h: number): number | null {
  if (typeof sample?.value !== "number" || range === null) return null;
  const height = Math.round(fraction(sample.value, range) * h * 2) / 2;
  return isBad(sample.quality) ? -height : height;
}

/** A short vertical bar beside the figure: where the value lies in its range. */
function SideBar({ element, x, y, h }: SymbolProps & { x: number; y: number; h: number }) {
  const name = bound(element, "value");
  const range = useTagInfo(name)?.range ?? null;
  const limits = useTagAlarmLimits(name);
  const live = useIsLive();
  const height = useTagSelect(name, (sample) => heightIn(sample, range, h));
  const at = (v: number): number => y + h * (1 - fraction(v, range ?? [0, 1]));
  if (height === null || range === null) return null;
  return (
    <g opacity={live && height >= 0 ? 1 : 0.4}>
      <rect x={x} y={y} width={6} height={h} fill="var(--vessel)" stroke="var(--line-strong)" strokeWidth={0.8} />
      <rect x={x} y={y + h - Math.abs(height)} width={6} height={Math.abs(height)} fill="var(--equip-line)" />
      {limits.map((limit) => (
        <path key={limit.name} d={`M${x - 2} ${at(limit.value)}h10`} stroke={`var(--p${limit.priority})`} strokeWidth={2} />
      ))}
    </g>
  );
}

export function Indicator({ element }: SymbolProps) {
  const { w, h } = element;
  const name = bound(element, "value");
  return (
    <>
      <rect x={0.5} y={0.5} width={w - 1} height={h - 1} rx={2} fill="var(--raised)" stroke="var(--line-strong)" />
      <SideBar element={element} x={6} y={5} h={h - 10} />
      {name && <Figure name={name} x={16} y={0} w={w - 22} h={h} size={Math.min(18, h * 0.5)} align="end" />}
      <Caption text={element.label} x={0} y={-6} anchor="start" />
    </>
  );
}

export function BarElement({ element }: SymbolProps) {
  const { w, h } = element;
  const name = bound(element, "value");
  const shown = useBound(element, "value");
  const setpoint = numberState(useBound(element, "setpoint"));
  const limits = useTagAlarmLimits(name);
  const value = numberState(shown);
  const range = rangeOf(element, shown);
  const upright = h >= w;
  const length = upright ? h : w;
  const at = (v: number): number => fraction(v, range) * length;
  const dim = shown.severity === "BAD" || !shown.live;
  const tick = (v: number): string => (upright ? `M-2 ${h - at(v)}H${w + 2}` : `M${at(v)} -2V${h + 2}`);
  return (
    <>
      <rect width={w} height={h} fill="var(--vessel)" stroke="var(--equip-line)" />
      {value !== null && (
        <rect
          x={upright ? 2 : 0}
          y={upright ? h - at(value) : 2}
          width={upright ? w - 4 : at(value)}
          height={upright ? at(value) : h - 4}
          fill="var(--equip-line)"
          opacity={dim ? 0.4 : 1}
        />
      )}
      {limits.map((limit) => (
        <path key={limit.name} d={tick(limit.value)} stroke={`var(--p${limit.priority})`} strokeWidth={2.5} />
      ))}
      {setpoint !== null && <path d={upright ? `M${w + 9} ${h - at(setpoint) - 5}v10l-9 -5z` : `M${at(setpoint) - 5} ${h + 9}h10l-5 -9z`} fill="var(--operate)" />}
      <Caption text={element.label} x={upright ? w / 2 : 0} y={-8} anchor={upright ? "middle" : "start"} />
      {name && (upright ? <Figure name={name} x={w / 2 - 60} y={h + 4} w={120} /> : <Figure name={name} x={w + 6} y={h / 2 - 11} w={120} align="start" />)}
    </>
  );
}

export function Setpoint({ element }: SymbolProps) {
  const { w, h } = element;
  const name = bound(element, "value");
  return (
    <>
      <rect x={1} y={1} width={w - 2} height={h - 2} rx={2} fill="var(--raised)" stroke="var(--operate)" strokeWidth={2} />
      <path d={`M6 ${h / 2 - 5}h7l4 5l-4 5h-7z`} fill="var(--operate)" />
      {name && <Figure name={name} x={20} y={0} w={w - 26} h={h} size={Math.min(17, h * 0.5)} align="end" />}
      <Caption text={element.label} x={0} y={-6} anchor="start" />
    </>
  );
}

export function MachineState({ element }: SymbolProps) {
  const { t } = useTranslation();
  const { w, h } = element;
  const machines = useCell(plantStore.machines);
  const machine = machines.find((one) => one.name === bound(element, "machine"));
  const fault = machine?.fault ?? null;
  return (
    <>
      <rect x={0.5} y={0.5} width={w - 1} height={h - 1} rx={2} fill="var(--raised)" stroke={fault ? "var(--text)" : "var(--line-strong)"} strokeWidth={fault ? 2 : 1} />
      <text x={w / 2} y={h / 2 + 5} textAnchor="middle" fontSize={15} fontWeight={600} fill="var(--text)" data-testid={`machine-state-${bound(element, "machine") ?? ""}`}>
        {fault ? "! " : ""}
        {machine?.state.replaceAll("_", " ") ?? t("mimic.unknown")}
      </text>
      <Caption text={element.label} x={0} y={-6} anchor="start" />
    </>
  );
}

export function Words({ element }: SymbolProps) {
  const align = textProp(element, "align");
  const anchor = align === "center" ? "middle" : align === "right" ? "end" : "start";
  const x = anchor === "middle" ? element.w / 2 : anchor === "end" ? element.w : 0;
  const size = numberProp(element, "size", 16);
  return (
    <text x={x} y={Math.max(size, element.h / 2 + size * 0.35)} textAnchor={anchor} fontSize={size} fontWeight={numberProp(element, "weight", size >= 20 ? 600 : 400)} fill="var(--text)">
      {textProp(element, "text") || element.label}
    </text>
  );
}

export function Box({ element }: SymbolProps) {
  const { w, h } = element;
  return (
    <>
      <rect x={0.5} y={0.5} width={w - 1} height={h - 1} rx={3} fill="var(--surface)" fillOpacity={0.55} stroke="var(--line)" />
      <text className="mimic-box-title" x={12} y={22}>
        {element.label || textProp(element, "text")}
      </text>
    </>
  );
}

/** Operable words: a command or a way to another screen. */
export function Pressable({ element }: SymbolProps) {
  const { w, h } = element;
  const way = element.type === "link" ? "  ›" : "";
  const machine = useLiveMachine(bound(element, "machine"));
  const command = machine?.commands.find((one) => one.name === textProp(element, "command"));
  const idle = command !== undefined && !command.enabled;
  const colour = idle ? "var(--text-3)" : "var(--operate)";
  return (
    <>
      <rect x={1} y={1} width={w - 2} height={h - 2} rx={3} fill={idle ? "var(--surface-2)" : "var(--raised)"} stroke={idle ? "var(--line)" : colour} strokeWidth={1.5} />
      <text x={w / 2} y={h / 2 + 5} textAnchor="middle" fontSize={14} fontWeight={600} fill={colour} aria-disabled={idle}>
        {(element.label || textProp(element, "text") || textProp(element, "command") || textProp(element, "screen")) + way}
      </text>
    </>
  );
}

/** An element of a type that this HMI does not know: seen, not dropped. */
export function Unknown({ element }: SymbolProps) {
  return (
    <>
      <rect x={0.5} y={0.5} width={element.w} height={element.h} fill="none" stroke="var(--bad)" strokeDasharray="5 4" />
      <text x={4} y={15} fontSize={12} fill="var(--bad)">
        ? {element.type}
      </text>
    </>
  );
}
