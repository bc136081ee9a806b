/** One link in full: how it stands, what went wrong, and what each of its scans does. */
import { ActionIcon, Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "@/api/auth";
import { useLinkDefinition, useLinkKinds, type LinkKind } from "@/api/links";
import type { Body } from "@/api/tags";
import type { LinkView, ScanView } from "@/api/types";
import { Facts } from "@/ui/facts";
import { useFaceplate } from "@/ui/faceplate-link";
import { Problem } from "@/ui/page";
import { AddTags } from "./add-tags";
import { errorKinds, millis, period } from "./connection-rows";
import { LinkActions } from "./link-actions";
import { Since, StateText } from "./link-state";
import { LinkTrial } from "./link-trial";
import { WatchTable } from "./watch-table";

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

interface Props {
  link: LinkView;
  /** Called with the name that the link has now, null once it is gone. */
  onNamed(name: string | null): void;
  onClose(): void;
}

export function LinkDetail({ link, onNamed, onClose }: Props) {
  const { t } = useTranslation();
  const { open } = useFaceplate();
  const mayEdit = useMay("engineer");
  const kinds = errorKinds(link).map(({ kind, count }) => [t(`links.kinds.${kind}`), count] as const);
  return (
    <aside className="panel split-side link-side" aria-label={link.name}>
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
            [t("links.kind"), link.kind],
            [t("links.owner"), link.owner],
            [t("links.edited"), link.edited ? t("common.yes") : t("common.no")],
            [t("links.tags"), <Link key="tags" to={`/tags?link=${encodeURIComponent(link.name)}`}>{link.tags}</Link>],
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
        {mayEdit && <Engineering link={link} onNamed={onNamed} />}
        <Button size="xs" variant="default" onClick={() => open({ tag: `LINK.${link.name}.UP` })}>
          {t("links.openTag", { name: link.name })}
        </Button>
      </div>
    </aside>
  );
}

/** What only engineers do: change it, try it, watch addresses, make tags. */
function Engineering({ link, onNamed }: Omit<Props, "onClose">) {
  const { t } = useTranslation();
  const query = useLinkDefinition(link.name);
  const definition = query.data;
  const kind = useLinkKinds().data?.find((one) => one.kind === link.kind);
  const [adding, setAdding] = useState<"browse" | "hand" | null>(null);
  if (!definition) return query.error ? <Problem error={query.error} retry={() => void query.refetch()} /> : null;
  return (
    <>
      <LinkActions definition={definition} onNamed={onNamed} />
      <div className="link-tools">
        {kind?.browse && (
          <Button size="xs" variant="default" onClick={() => setAdding("browse")}>
            {t("linkTags.browse")}
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => setAdding("hand")}>
          {t("linkTags.open")}
        </Button>
      </div>
      {kind?.connects !== false && <LinkTrial body={definition.body} />}
      <WatchTable link={link.name} />
      {adding && <AddTags link={link.name} scans={scansOf(definition.body, kind)} browse={adding === "browse"} onClose={() => setAdding(null)} />}
    </>
  );
}

/** The names of the scan classes that a link has, from its definition or by default. */
function scansOf(body: Body, kind: LinkKind | undefined): string[] {
  const scans = body["scans"] ?? kind?.schema.properties["scans"]?.default ?? {};
  return Object.keys(scans as Record<string, unknown>);
}
