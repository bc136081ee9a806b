/** The state of an alarm as a shape and in words; colour adds nothing that these do not say. */
import { useTranslation } from "react-i18next";
import type { AlarmState } from "@/api/types";

const BELL = "M8 2.5C5.4 2.5 4 4.4 4 7V10.5L2.8 12H13.2L12 10.5V7C12 4.4 10.6 2.5 8 2.5M6.8 13.6H9.2";
const LOCK = "M4 7.5H12V14H4ZM5.6 7.5V5.2C5.6 2.2 10.4 2.2 10.4 5.2V7.5";

const SHAPES: Record<AlarmState, string> = {
  NORM: "M3 8.5L6.5 12L13 4.5",
  UNACK: `${BELL}M8 5.2V8M8 9.4V10.4`,
  ACKED: `${BELL}M6 7.6L7.5 9.1L10.2 6`,
  RTNUN: "M6.5 3L3 6.5L6.5 10M3 6.5H9.5C14.5 6.5 14.5 13 9.5 13H7",
  LUNACK: `${LOCK}M8 9V11.2M8 12.2V12.8`,
  LACK: `${LOCK}M6.4 10.7L7.6 11.9L9.8 9.3`,
  SHLVD: "M8 1.8A6.2 6.2 0 1 1 7.99 1.8M8 4.6V8.2L10.6 9.8",
  DSUPR: `${BELL}M2 2L14 14.5`,
  OOSRV: "M8 1.8A6.2 6.2 0 1 1 7.99 1.8M3.8 12.3L12.2 3.7",
  DSBLD: "M8 1.8A6.2 6.2 0 1 1 7.99 1.8M4.5 8H11.5",
};

const LOUD: ReadonlySet<string> = new Set(["UNACK", "RTNUN", "LUNACK"]);

export function StateBadge({ state }: { state: AlarmState }) {
  const { t } = useTranslation();
  return (
    <span className="state-badge" data-state={state} data-loud={LOUD.has(state)}>
      <svg width={14} height={14} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth={1.5} aria-hidden>
        <path d={SHAPES[state] ?? "M3 8H13"} />
      </svg>
      {t(`alarm.state.${state}`)}
    </span>
  );
}
