/** Priority as shape, colour and number at once; a blinking ring while unacknowledged. */
import { useTranslation } from "react-i18next";
import type { AlarmState } from "@/api/types";

const TEXT: Record<number, string> = { 1: "var(--p1-text)", 2: "#1b2024", 3: "var(--p3-text)", 4: "#ffffff", 5: "#ffffff" };

interface ShapeProps {
  priority: number;
  hollow?: boolean;
  ring?: boolean;
  /** The ring of what is gone already blinks slowly. */
  slow?: boolean;
}

function path(priority: number): string {
  if (priority === 1) return "M3 3H21V21H3Z";
  if (priority === 2) return "M1.5 3H22.5L12 22.5Z";
  if (priority === 3) return "M12 2A10 10 0 1 1 11.99 2Z";
  if (priority === 4) return "M12 1L23 12L12 23L1 12Z";
  return "M12 2.5L22 9.8L18.2 21.5H5.8L2 9.8Z";
}

/** The bare shape in a 24 x 24 box, for use inside other drawings. */
export function PriorityShape({ priority, hollow = false, ring = false, slow = false }: ShapeProps) {
  const colour = `var(--p${priority})`;
  const y = priority === 2 ? 14 : priority === 5 ? 18 : 17.2;
  return (
    <g>
      {ring && <rect className={slow ? "ring ring-blink ring-slow" : "ring ring-blink"} x={-4} y={-4} width={32} height={32} rx={5} fill="none" stroke={colour} strokeWidth={3} />}
      <path d={path(priority)} fill={hollow ? "var(--field)" : colour} stroke={colour} strokeWidth={hollow ? 3 : 1} />
      <text x={12} y={y} textAnchor="middle" fontSize={priority === 2 ? 13 : 15} fontWeight={700} fill={hollow ? "var(--text)" : TEXT[priority]}>
        {priority}
      </text>
    </g>
  );
}

interface Props {
  priority: number;
  state?: AlarmState;
  size?: number;
}

/** The icon of one alarm: solid while active, hollow when its cause is gone, ringed until acknowledged. */
export function PriorityIcon({ priority, state = "ACKED", size = 18 }: Props) {
  const { t } = useTranslation();
  const ring = state === "UNACK" || state === "RTNUN" || state === "LUNACK";
  const gone = state === "RTNUN" || state === "NORM" || state === "LUNACK" || state === "LACK";
  return (
    <svg
      width={size + 8}
      height={size + 8}
      viewBox="-6 -6 36 36"
      role="img"
      aria-label={t("alarm.iconLabel", { priority, state: t(`alarm.state.${state}`) })}
      style={{ flex: "none" }}
    >
      <PriorityShape priority={priority} hollow={gone} ring={ring} slow={state !== "UNACK"} />
    </svg>
  );
}
