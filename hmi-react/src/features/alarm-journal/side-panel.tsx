/** The frame of what is told about one row, with ways to the alarm and its tag. */
import { ActionIcon, Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFaceplate } from "@/ui/faceplate-link";
import { Facts, type Fact } from "@/ui/facts";
import { PriorityIcon } from "@/ui/priority-icon";

interface Props {
  title: string;
  alarm: string;
  tag: string | null;
  priority: number | null;
  facts: readonly Fact[];
  onClose: () => void;
  children?: ReactNode;
}

export function SidePanel({ title, alarm, tag, priority, facts, onClose, children }: Props) {
  const { t } = useTranslation();
  const { open } = useFaceplate();
  return (
    <aside className="panel split-side" aria-label={title}>
      <header className="panel-head">
        {priority !== null && <PriorityIcon priority={priority} />}
        <h2 className="panel-title">{title}</h2>
        <ActionIcon variant="subtle" color="gray" ml="auto" onClick={onClose} aria-label={t("common.close")}>
          ✕
        </ActionIcon>
      </header>
      <div className="stack">
        <Facts facts={facts} />
        {children}
        <Button size="xs" variant="default" component={Link} to={`/alarm-journal?${new URLSearchParams({ alarm, period: "30d" })}`}>
          {t("journal.showRows")}
        </Button>
        <Button size="xs" variant="default" component={Link} to={`/alarms?${new URLSearchParams({ show: "all", alarm })}`}>
          {t("journal.showAlarm")}
        </Button>
        {tag && (
          <Button size="xs" variant="default" onClick={() => open({ tag })}>
            {t("journal.openTag", { tag })}
          </Button>
        )}
      </div>
    </aside>
  );
}
