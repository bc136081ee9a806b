/** One line that says what became of a command. */
import { useTranslation } from "react-i18next";
import type { Life } from "./command";
import { formatTime } from "./format";

export function LifeLine({ life }: { life: Life }) {
  const { t } = useTranslation();
  if (life.kind === "idle") return <output className="life" aria-live="polite" />;
  const detail = life.kind === "confirmed" ? life.result : life.kind === "sent" ? "" : life.reason;
  return (
    <output className="life" data-kind={life.kind} data-testid="command-life" aria-live="polite">
      <span className="life-dot" aria-hidden />
      <span>
        {formatTime(life.at / 1000)} {life.what}: {t(`command.${life.kind}`)}
        {detail && ` – ${detail}`}
      </span>
    </output>
  );
}
