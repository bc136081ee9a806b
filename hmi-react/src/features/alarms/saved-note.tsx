/** What the runtime thinks of the definition that was just saved. */
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { isPart } from "@/ui/body-words";

export function SavedNote({ name }: { name: string }) {
  const { t } = useTranslation();
  const state: unknown = useLocation().state;
  if (!isPart(state) || state["saved"] !== name) return null;
  const warnings = Array.isArray(state["warnings"]) ? state["warnings"].map(String) : [];
  return (
    <div className="note" role="status">
      <span>{t(warnings.length === 0 ? "alarmForm.saved" : "alarmForm.savedWith")}</span>
      {warnings.length > 0 && (
        <ul className="lines">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
