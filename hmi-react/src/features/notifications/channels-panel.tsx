/** The channels, how each fares, and a message to try it. */
import { Button } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { useChannelTest, type Channel } from "@/api/notifications";
import { DataTable } from "@/ui/data-table";
import type { Column } from "@/ui/table-columns";
import { Panel, StateWord } from "./panel";

export function ChannelsPanel({ channels }: { channels: Channel[] }) {
  const { t } = useTranslation();
  const columns = useMemo(
    (): Column<Channel>[] => [
      { id: "name", header: t("notifications.channel"), width: "minmax(110px, 1fr)", value: (row) => row.name, cell: (row) => <b>{row.name}</b> },
      { id: "state", header: t("notifications.state"), width: "120px", value: (row) => t(`notifications.states.${row.state}`), cell: (row) => <StateWord bad={row.state === "failing"}>{t(`notifications.states.${row.state}`)}</StateWord> },
      { id: "target", header: t("notifications.target"), width: "minmax(150px, 2fr)", value: (row) => row.target },
      { id: "waiting", header: t("notifications.waiting"), width: "90px", align: "right", value: (row) => row.waiting },
      { id: "sent", header: t("notifications.sent"), width: "80px", align: "right", value: (row) => row.sent },
      { id: "error", header: t("notifications.error"), width: "minmax(150px, 3fr)", value: (row) => row.error },
    ],
    [t],
  );
  return (
    <Panel title={t("notifications.channels")}>
      <DataTable name="notification-channels" label={t("notifications.channels")} columns={columns} rows={channels} rowKey={(row) => row.name} fit />
      {channels.map((channel) => (
        <ChannelTry key={channel.name} name={channel.name} />
      ))}
    </Panel>
  );
}

function ChannelTry({ name }: { name: string }) {
  const { t } = useTranslation();
  const test = useChannelTest(name);
  return (
    <div>
      <Button size="xs" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
        {t("notifications.testOf", { channel: name })}
      </Button>{" "}
      {test.data && (
        <span role="status">
          <StateWord bad={!test.data.ok}>{test.data.message}</StateWord>
        </span>
      )}
      {test.error && (
        <span className="problem" role="alert">
          {words(test.error)}
        </span>
      )}
    </div>
  );
}
