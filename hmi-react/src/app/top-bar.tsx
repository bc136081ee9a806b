/** Product, site, where one is, whether values are live, the server's clock, the user, and the e-stop. */
import { Burger, Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { signOut, useSession } from "@/api/auth";
import { plantStore, useCell, useConnection, useServerTime } from "@/live/live";
import { displayZone } from "@/ui/display";
import { formatDate, formatTime, zoneName } from "@/ui/format";
import { Breadcrumb } from "./breadcrumb";
import { EstopButton } from "./estop-button";
import { ThemeSwitch } from "./theme-switch";
import type { Estop } from "./use-estop";

export function TopBar({ estop, onMenu }: { estop: Estop; onMenu: () => void }) {
  const { t } = useTranslation();
  const site = useCell(plantStore.hello)?.site;
  return (
    <header className="top-bar">
      <Burger className="top-burger" size="sm" onClick={onMenu} aria-label={t("shell.menu")} />
      <div className="top-product">
        <strong>{t("product")}</strong>
        {site && <span className="top-site">{site}</span>}
      </div>
      <Breadcrumb />
      <div className="top-end">
        <ConnectionBadge />
        <ServerClock />
        <ThemeSwitch />
        <UserMenu />
        <EstopButton estop={estop} />
      </div>
    </header>
  );
}

function ConnectionBadge() {
  const { t } = useTranslation();
  const { state, seconds } = useConnection();
  const text = state === "live" ? t("connection.live") : t(`connection.${state}`, { seconds });
  return (
    <span className="connection" data-testid="connection-state" data-state={state} role="status">
      <svg width={12} height={12} viewBox="0 0 12 12" aria-hidden>
        {state === "live" ? <circle cx={6} cy={6} r={5} fill="currentColor" /> : <path d="M1 11L6 1L11 11Z" fill="currentColor" />}
      </svg>
      <span className="connection-text">{text}</span>
    </span>
  );
}

function ServerClock() {
  const { t } = useTranslation();
  const now = useServerTime();
  if (now === null) return <span className="top-clock">–</span>;
  return (
    <time className="top-clock" dateTime={new Date(now).toISOString()} title={[t("shell.serverTime"), displayZone()].filter(Boolean).join(", ")}>
      <span className="top-date">{formatDate(now / 1000)}</span> {formatTime(now / 1000)} <span className="muted">{zoneName(new Date(now))}</span>
    </time>
  );
}

function UserMenu() {
  const { t } = useTranslation();
  const user = useSession()?.user;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className="plain-button top-user" aria-label={t("shell.user", { name: user?.name ?? "" })}>
          <span className="top-user-name">{user?.name}</span>
          <span className="top-user-role">{user?.role}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/preferences">
          {t("shell.preferences")}
        </Menu.Item>
        <Menu.Item onClick={() => void signOut()}>{t("shell.signOut")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
