/** The emergency stop: one press trips, always, also when it is latched already. */
import { useTranslation } from "react-i18next";
import type { Estop } from "./use-estop";

export function EstopButton({ estop }: { estop: Estop }) {
  const { t } = useTranslation();
  const latched = estop.view?.latched ?? false;
  const state = estop.tripping ? t("estop.tripping") : latched ? t("estop.latched") : t("estop.stop");
  return (
    <button type="button" className="estop" aria-label={t("estop.name")} aria-pressed={latched} data-latched={latched} title={t("estop.title")} onClick={estop.trip}>
      <svg width={22} height={22} viewBox="0 0 24 24" aria-hidden>
        <path d="M8 1.5H16L22.5 8V16L16 22.5H8L1.5 16V8Z" fill="none" stroke="currentColor" strokeWidth={2.4} />
        <path d="M7 12H17" stroke="currentColor" strokeWidth={3.4} />
      </svg>
      <span className="estop-text">{state}</span>
    </button>
  );
}
