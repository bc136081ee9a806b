/** The left rail: the pages that exist and that the role may use, then one entry per application. */
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { useSession } from "@/api/auth";
import { useApps } from "@/api/queries";
import { atLeast } from "@/api/session";
import { useAlarms } from "@/live/live";
import { APP_ICON, RAIL } from "./rail-items";

interface EntryProps {
  to: string;
  label: string;
  icon: string;
  count?: number;
}

function Entry({ to, label, icon, count = 0 }: EntryProps) {
  return (
    <NavLink to={to} className="rail-entry" title={label}>
      <svg width={20} height={20} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={1.8} aria-hidden>
        <path d={icon} />
      </svg>
      <span className="rail-label">{label}</span>
      {count > 0 && <span className="rail-count">{count}</span>}
    </NavLink>
  );
}

export function Rail({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const role = useSession()?.user.role;
  const apps = useApps().data?.items ?? [];
  const { counts } = useAlarms();
  return (
    <>
      {open && <button type="button" className="rail-back" aria-label={t("shell.closeMenu")} onClick={onClose} />}
      <nav className="rail" data-open={open} aria-label={t("shell.pages")}>
        {RAIL.filter((item) => atLeast(role, item.role)).map((item) => (
          <Entry key={item.to} to={item.to} label={t(item.label)} icon={item.icon} count={item.to === "/alarms" ? counts.unack : 0} />
        ))}
        {apps.length > 0 && <span className="rail-group">{t("nav.apps")}</span>}
        {apps.map((app) => (
          <Entry key={app.name} to={`/apps/${encodeURIComponent(app.name)}`} label={app.title} icon={APP_ICON} />
        ))}
      </nav>
    </>
  );
}
