/** The plant as a picture: the first application's first screen, or the one in the address. */
import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { useApps, useScreen } from "@/api/queries";
import { Mimic } from "@/ui/mimic";
import { Empty, Loaded, Page } from "@/ui/page";
import { AreaAlarms } from "./area-alarms";

export default function OverviewPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const params = useParams();
  const apps = useApps();
  const app = apps.data?.items.find((one) => params["app"] === undefined || one.name === params["app"]);
  const screen = app?.screens.find((one) => params["screen"] === undefined || one.id === params["screen"]);
  const mimic = useScreen(app?.name, screen?.id);
  const go = (id: string): void => void navigate(`/apps/${encodeURIComponent(app?.name ?? "")}/${encodeURIComponent(id)}`);

  if (apps.data && !app) return <Empty title={t("overview.noApp")} hint={t("overview.noAppHint")} />;
  if (app && !screen) return <Empty title={t("overview.noScreen", { app: app.title })} hint={t("overview.noScreenHint")} />;
  const choice = app && app.screens.length > 1 && (
    <SegmentedControl
      size="xs"
      transitionDuration={0}
      value={screen?.id ?? ""}
      onChange={go}
      data={app.screens.map((one) => ({ value: one.id, label: one.title }))}
      aria-label={t("overview.screens")}
    />
  );
  return (
    <Page title={mimic.data?.title ?? screen?.title ?? t("nav.overview")} note={app?.title === mimic.data?.title ? undefined : app?.title} tools={<>{choice}<AreaAlarms /></>}>
      <Loaded query={apps.error ? apps : mimic} height={600}>
        {mimic.data && <Mimic mimic={mimic.data} onLink={go} />}
      </Loaded>
    </Page>
  );
}
