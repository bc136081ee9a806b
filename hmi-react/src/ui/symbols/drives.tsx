/** Things that run: pump, motor, fan, mixer, compressor, conveyor, heater. */
import { useTranslation } from "react-i18next";
import { bound, Caption, Figure, fillOf, onState, useBound, type SymbolProps } from "./frame";

/** "!" with a word, when the equipment says itself that it failed. */
function FaultMark({ element }: SymbolProps) {
  const { t } = useTranslation();
  const fault = onState(useBound(element, "fault"));
  if (bound(element, "fault") === undefined || fault !== true) return null;
  return (
    <g transform={`translate(${element.w - 8} ${element.h - 14})`} role="img" aria-label={t("mimic.fault")}>
      <rect width={54} height={18} rx={2} fill="var(--text)" />
      <text x={27} y={13.5} textAnchor="middle" fontSize={12} fontWeight={700} fill="var(--field)">
        ! {t("mimic.fault")}
      </text>
    </g>
  );
}

/** On, off or unknown in a word under the symbol: never by shade alone. */
function RunText({ on, x, y }: { on: boolean | null; x: number; y: number }) {
  const { t } = useTranslation();
  return (
    <text className="mimic-state" x={x} y={y} textAnchor="middle" data-on={on}>
      {on === null ? t("mimic.unknown") : on ? t("mimic.running") : t("mimic.stopped")}
    </text>
  );
}

function Round({ element, children }: SymbolProps & { children: (on: boolean | null, r: number) => React.ReactNode }) {
  const { w, h } = element;
  const shown = useBound(element, "running");
  const on = onState(shown);
  const r = Math.min(w, h) / 2 - 2;
  return (
    <>
      <g opacity={shown.live ? 1 : 0.55}>
        <circle cx={w / 2} cy={h / 2} r={r} fill={fillOf(on)} stroke="var(--equip-line)" strokeWidth={on === true ? 3 : 2} strokeDasharray={on === null ? "4 3" : undefined} />
        {children(on, r)}
      </g>
      <Caption text={element.label} x={w / 2} y={h + 16} />
      <RunText on={on} x={w / 2} y={h + (element.label ? 31 : 16)} />
      <FaultMark element={element} />
    </>
  );
}

const ink = (on: boolean | null): string => (on === true ? "#1b2024" : "var(--text)");

export function Pump({ element }: SymbolProps) {
  const { w, h } = element;
  return (
    <Round element={element}>
      {(on, r) => (
        <path
          d={`M${w / 2 - r * 0.5} ${h / 2 - r * 0.86}L${w / 2 + r} ${h / 2}L${w / 2 - r * 0.5} ${h / 2 + r * 0.86}`}
          fill="none"
          stroke={ink(on)}
          strokeWidth={2}
          strokeLinejoin="round"
        />
      )}
    </Round>
  );
}

export function Motor({ element }: SymbolProps) {
  return (
    <Round element={element}>
      {(on) => (
        <text x={element.w / 2} y={element.h / 2 + 7} textAnchor="middle" fontSize={20} fontWeight={600} fill={ink(on)}>
          M
        </text>
      )}
    </Round>
  );
}

export function Fan({ element }: SymbolProps) {
  const { w, h } = element;
  return (
    <Round element={element}>
      {(on, r) => (
        <g transform={`translate(${w / 2} ${h / 2})`} fill="none" stroke={ink(on)} strokeWidth={2}>
          <ellipse cx={-r / 2.2} cy={0} rx={r / 2.4} ry={r / 4} />
          <ellipse cx={r / 2.2} cy={0} rx={r / 2.4} ry={r / 4} />
        </g>
      )}
    </Round>
  );
}

export function Compressor({ element }: SymbolProps) {
  const { w, h } = element;
  return (
    <Round element={element}>
      {(on, r) => <path d={`M${w / 2 - r * 0.7} ${h / 2 - r * 0.7}L${w / 2 + r * 0.9} ${h / 2 - r * 0.35}M${w / 2 - r * 0.7} ${h / 2 + r * 0.7}L${w / 2 + r * 0.9} ${h / 2 + r * 0.35}`} stroke={ink(on)} strokeWidth={2} />}
    </Round>
  );
}

export function Mixer({ element }: SymbolProps) {
  const { w, h } = element;
  const on = onState(useBound(element, "running"));
  return (
    <>
      <rect x={w / 2 - 10} y={0} width={20} height={16} fill={fillOf(on)} stroke="var(--equip-line)" strokeWidth={2} />
      <path d={`M${w / 2} 16V${h - 10}M${w / 2} ${h - 10}L${w * 0.15} ${h - 18}V${h - 2}L${w * 0.85} ${h - 18}V${h - 2}Z`} fill={fillOf(on)} stroke="var(--equip-line)" strokeWidth={2} />
      <Caption text={element.label} x={w / 2} y={h + 16} />
      <FaultMark element={element} />
    </>
  );
}

export function Conveyor({ element }: SymbolProps) {
  const { w, h } = element;
  const on = onState(useBound(element, "running"));
  const r = Math.min(h / 2 - 1, 12);
  return (
    <>
      <rect x={1} y={h / 2 - r} width={w - 2} height={2 * r} rx={r} fill={fillOf(on)} stroke="var(--equip-line)" strokeWidth={2} />
      <circle cx={r + 1} cy={h / 2} r={r * 0.5} fill="var(--vessel)" stroke="var(--equip-line)" />
      <circle cx={w - r - 1} cy={h / 2} r={r * 0.5} fill="var(--vessel)" stroke="var(--equip-line)" />
      <Caption text={element.label} x={w / 2} y={h + 16} />
      <FaultMark element={element} />
    </>
  );
}

export function Heater({ element }: SymbolProps) {
  const { w, h } = element;
  const power = bound(element, "power");
  const byPower = useBound(element, "power");
  const bySwitch = useBound(element, "on");
  const shown = bound(element, "on") ? bySwitch : byPower;
  const on = onState(shown);
  const steps = 5;
  const zig = Array.from({ length: steps }, (_, i) => `L${w * (0.2 + (0.6 * (i + 0.5)) / steps)} ${i % 2 === 0 ? h * 0.22 : h * 0.78}`).join("");
  return (
    <>
      <g opacity={shown.live ? 1 : 0.55}>
        <rect x={1} y={1} width={w - 2} height={h - 2} rx={2} fill={fillOf(on)} stroke="var(--equip-line)" strokeWidth={on === true ? 3 : 2} />
        <path d={`M${w * 0.06} ${h / 2}H${w * 0.2}${zig}L${w * 0.8} ${h / 2}H${w * 0.94}`} fill="none" stroke={ink(on)} strokeWidth={2} strokeLinejoin="round" />
      </g>
      <Caption text={element.label} x={w / 2} y={h + 16} />
      {power ? <Figure name={power} x={-30} y={h + 19} w={w + 60} /> : <RunText on={on} x={w / 2} y={h + 31} />}
      <FaultMark element={element} />
    </>
  );
}
