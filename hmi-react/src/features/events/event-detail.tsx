/** One row of the journal with all that it keeps. */
import { ActionIcon } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { EventRow } from "@/api/types";
import { formatDateTime } from "@/ui/format";

const wordsOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

export function EventDetail({ event, onClose }: { event: EventRow; onClose: () => void }) {
  const { t } = useTranslation();
  const facts: [string, string][] = [
    [t("events.time"), formatDateTime(event.time, true)],
    [t("events.kind"), event.kind],
    [t("events.subject"), event.subject],
    [t("events.actor"), event.actor],
    [t("events.origin"), event.origin],
    [t("events.seq"), String(event.seq)],
    ...Object.entries(event.details ?? {}).map(([name, value]): [string, string] => [name, wordsOf(value)]),
  ];
  return (
    <aside className="panel split-side" aria-label={t("events.detail")}>
      <header className="panel-head">
        <h2 className="panel-title">{event.message}</h2>
        <ActionIcon variant="subtle" color="gray" ml="auto" onClick={onClose} aria-label={t("common.close")}>
          ✕
        </ActionIcon>
      </header>
      <div className="stack">
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>{name}</dt>
              <dd>{value || "–"}</dd>
            </div>
          ))}
        </dl>
      </div>
    </aside>
  );
}
