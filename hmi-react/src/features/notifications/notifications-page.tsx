/** Who is told of alarms: channels with a test, who is on duty, rules, and the newest messages. */
import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNotifications } from "@/api/notifications";
import { Empty, Loaded, Page } from "@/ui/page";
import { ChannelsPanel } from "./channels-panel";
import { DeliveriesPanel } from "./deliveries-panel";
import { DutyPanel } from "./duty-panel";
import { RulesPanel } from "./rules-panel";

export default function NotificationsPage() {
  const { t } = useTranslation();
  const query = useNotifications();
  const data = query.data;
  return (
    <Page title={t("nav.notifications")} note={t("notifications.note")} scroll>
      <Loaded query={query} height={300}>
        {data?.channels.length === 0 && <Empty title={t("notifications.none")} hint={t("notifications.noneHint")} />}
        {data && data.channels.length > 0 && (
          <Stack gap={8}>
            <ChannelsPanel channels={data.channels} />
            <DutyPanel rosters={data.rosters} />
            <RulesPanel rules={data.rules} />
            <DeliveriesPanel />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
