/** One dashboard: live strip charts in a grid, and the way to put it together. */
import { Button } from "@mantine/core";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { isRefusal } from "@/api/errors";
import { Empty, Loaded, Page } from "@/ui/page";
import { Unsaved } from "@/ui/unsaved";
import { useAddressWords } from "@/ui/use-address";
import { DashboardGrid } from "./dashboard-grid";
import { DashboardTools } from "./dashboard-tools";
import { useDashboardDraft } from "./use-dashboard";
import "./dashboards.css";

/** The page of whichever dashboard the address names; another one is begun afresh. */
export default function DashboardPage() {
  const { id = "" } = useParams();
  return <OneDashboard key={id} id={id} />;
}

function OneDashboard({ id }: { id: string }) {
  const { t } = useTranslation();
  const number = id === "new" ? null : /^\d{1,9}$/.test(id) ? Number(id) : 0;
  const state = useDashboardDraft(number);
  const { full, enter, leave } = useFull();
  const { saved, query } = state;
  const title = saved?.name ?? t(number === null ? "dashboards.unnamed" : "nav.dashboards");
  const note = saved && [t("dashboards.by", { owner: saved.owner }), saved.shared ? t("saved.shared") : t("saved.private"), saved.description].filter(Boolean).join(" · ");
  // Who is changing it may still save it as another one.
  const missing = isRefusal(query.error, "not_found") && !state.editing;
  return (
    <Page
      title={title}
      note={full ? undefined : note}
      tools={full ? <Button size="xs" variant="default" onClick={leave}>{t("dashboards.leaveFull")}</Button> : <DashboardTools state={state} isNew={number === null} onFull={enter} />}
      scroll
    >
      <Unsaved dirty={state.loses} />
      {missing ? (
        <Empty title={t("dashboards.missing")} hint={t("dashboards.missingHint")}>
          <p>
            <Button size="xs" component={Link} to="/dashboards">
              {t("dashboards.back")}
            </Button>
          </p>
        </Empty>
      ) : (
        <Loaded query={number === null || saved ? READY : query} height={300}>
          <DashboardGrid state={state} full={full} />
        </Loaded>
      )}
    </Page>
  );
}

/** What is shown stays while the runtime cannot be asked again. */
const READY = { isPending: false, error: null, refetch: () => undefined };

/** The look for a wall: without the rail, and the whole screen if the browser lets us. Escape ends it. */
function useFull() {
  const [search, set] = useAddressWords();
  const full = search.get("full") === "1";
  const leave = useCallback(() => {
    set({ full: null });
    if (document.fullscreenElement) void document.exitFullscreen();
  }, [set]);
  useEffect(() => {
    if (!full) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && document.querySelector(".faceplate") === null) leave();
    };
    const onChange = (): void => {
      if (!document.fullscreenElement) leave();
    };
    window.addEventListener("keydown", onKey);
    document.addEventListener("fullscreenchange", onChange);
    return () => {
      window.removeEventListener("keydown", onKey);
      document.removeEventListener("fullscreenchange", onChange);
    };
  }, [full, leave]);
  const enter = (): void => {
    set({ full: "1" });
    // Where the browser refuses, as on a phone, the page alone has to do.
    document.documentElement.requestFullscreen?.().catch(() => undefined);
  };
  return { full, enter, leave };
}
