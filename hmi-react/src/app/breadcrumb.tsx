/** Where one is: the page, or the application and its screen. */
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { useApps } from "@/api/queries";
import { RAIL } from "./rail-items";

export function Breadcrumb() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const apps = useApps().data?.items ?? [];
  const [first = "", second, third] = pathname.split("/").filter(Boolean).map(decodeURIComponent);
  const app = first === "apps" ? apps.find((one) => one.name === second) : first === "overview" ? apps[0] : undefined;
  const screen = app?.screens.find((one) => one.id === third) ?? app?.screens[0];
  const page = RAIL.find((item) => item.to === `/${first}`);
  const title = page ? t(page.label) : first === "preferences" ? t("preferences.title") : null;
  const parts = app ? [first === "overview" ? t("nav.overview") : null, app.title, screen?.title] : [title, first === "tags" && second !== "new" && second !== "import" ? second : null];
  const words = parts.filter((part, index, all): part is string => Boolean(part) && all.indexOf(part) === index);
  return (
    <nav className="breadcrumb" aria-label={t("shell.breadcrumb")}>
      {words.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </nav>
  );
}
