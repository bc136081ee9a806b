/** One link in full: how it stands, what went wrong, and what each of its scans does. */
import { ActionIcon, Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LinkView, ScanView } from "@/api/types";
import { Facts } from "@/ui/facts";
import { useFaceplate } from "@/ui/faceplate-link";
import { errorKinds, millis, period } from "./connection-rows";
import { Since, StateText } from "./link-state";

function Scan({ scan }: { scan: ScanView }) {
  const { t } = useTranslation();
  const lateness = scan.subscribed ? "" : t("links.latenessOf", { last: millis(scan.lateness_ms), p99: millis(scan.lateness_p99_ms) });
  return (
    <section aria-label={scan.name}>
      <h3>{t("links.scan", { name: scan.name })}</h3>
      <Facts
        facts={[
          [t("links.period"), period(scan.period_s)],
          [t("links.tags"), scan.tags],
          [t("links.how"), scan.subscribed ? t("links.subscribed") : t("links.polled")],
          [t("links.lateness"), lateness],
          [t("links.overruns"), scan.overruns],
          [t("links.received"), scan.received],
          [t("links.dropped"), scan.dropped],
        ]}
      />
    </section>
  );
}

export function LinkDetail({ link, onClose }: { link: LinkView; onClose: () => void }) {
  const { t } = useTranslation();
  const { open } = useFaceplate();
  const kinds = errorKinds(link).map(({ kind, count }) => [t(`links.kinds.${kind}`), count] as const);
  return (
    <aside className="panel split-side" aria-label={link.name}>
      <header className="panel-head">
        <h2 className="panel-title">{link.name}</h2>
        <ActionIcon variant="subtle" color="gray" ml="auto" onClick={onClose} aria-label={t("common.close")}>
          ✕
        </ActionIcon>
      </header>
      <div className="stack">
        <Facts
          facts={[
            [t("links.state"), <StateText key="state" state={link.state} />],
            [t("links.since"), <Since key="since" since={link.since} />],
            [t("links.endpoint"), <span key="endpoint" className="mono">{link.endpoint}</span>],
            [t("links.guarded"), link.guarded ? t("common.yes") : t("common.no")],
            [t("links.latency"), t("links.latencyOf", { p50: millis(link.latency_p50_ms), p95: millis(link.latency_p95_ms), p99: millis(link.latency_p99_ms) })],
            [t("links.requests"), link.requests],
            [t("links.errors"), link.errors],
            ...kinds,
            [t("links.reconnects"), link.reconnects],
            [t("links.overruns"), link.overruns],
            [t("links.received"), link.received],
            [t("links.dropped"), link.dropped],
            [t("links.lastError"), link.last_error],
          ]}
        />
        {link.scans.length === 0 && <span className="muted">{t("links.noScans")}</span>}
        {link.scans.map((scan) => (
          <Scan key={scan.name} scan={scan} />
        ))}
        <Button size="xs" variant="default" onClick={() => open({ tag: `LINK.${link.name}.UP` })}>
          {t("links.openTag", { name: link.name })}
        </Button>
      </div>
    </aside>
  );
}
