/** Which ways lead into a server: one is chosen, and its certificate trusted by who has compared it. */
import { Button, Checkbox, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { discover, keepCertificate, type Discovery, type Endpoint } from "@/api/links";
import type { LinkDraft } from "./link-schema";

const OPEN = "None";

interface Props {
  kind: string;
  url: string;
  /** The security policies that a link can have. */
  policies: readonly string[];
  onChosen(patch: LinkDraft): void;
  onClose(): void;
}

export function LinkDiscover({ kind, url, policies, onChosen, onClose }: Props) {
  const { t } = useTranslation();
  const [at, setAt] = useState(url || "opc.tcp://");
  const [chosen, setChosen] = useState<Endpoint | null>(null);
  const found = useMutation({ mutationFn: (place: string) => discover(kind, place) });
  const look = (place: string): void => {
    setAt(place);
    setChosen(null);
    found.mutate(place);
  };
  return (
    <Modal opened onClose={onClose} title={t("linkDiscover.title")} size="lg" centered>
      <Stack gap={12}>
        <form
          className="link-row"
          onSubmit={(event) => {
            event.preventDefault();
            look(at.trim());
          }}
        >
          <TextInput size="xs" label={t("linkDiscover.url")} value={at} onChange={(event) => setAt(event.currentTarget.value)} maxLength={500} autoComplete="off" spellCheck={false} data-autofocus />
          <Button size="xs" type="submit" loading={found.isPending} disabled={at.trim() === ""}>
            {t("linkDiscover.look")}
          </Button>
        </form>
        {found.error && (
          <div className="problem" role="alert">
            {words(found.error)}
          </div>
        )}
        {found.data && chosen === null && <Ways found={found.data} asked={found.variables} policies={policies} onLook={look} onChoose={setChosen} />}
        {chosen && <Trust endpoint={chosen} onBack={() => setChosen(null)} onChosen={onChosen} onClose={onClose} />}
      </Stack>
    </Modal>
  );
}

interface WaysProps {
  found: Discovery;
  /** Where it was looked. */
  asked: string;
  policies: readonly string[];
  onLook(url: string): void;
  onChoose(endpoint: Endpoint): void;
}

/** The other servers that are known there, and the ways into this one. */
function Ways({ found, asked, policies, onLook, onChoose }: WaysProps) {
  const { t } = useTranslation();
  const others = found.servers.flatMap((server) => server.urls.map((url) => ({ name: server.name, url }))).filter((one) => one.url !== asked);
  return (
    <>
      {others.length > 0 && (
        <ul className="lines" aria-label={t("linkDiscover.servers")}>
          {others.map((one) => (
            <li key={one.url}>
              <span className="link-words">
                {one.name} <span className="muted">{one.url}</span>
              </span>
              <Button size="compact-xs" variant="default" onClick={() => onLook(one.url)} aria-label={t("linkDiscover.server", one)}>
                {t("linkDiscover.look")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {found.endpoints.length === 0 && <span className="muted">{t("linkDiscover.none")}</span>}
      <ul className="lines" aria-label={t("linkDiscover.endpoints")}>
        {found.endpoints.map((endpoint, i) => (
          <Way key={i} endpoint={endpoint} possible={policies.length === 0 || policies.includes(endpoint.policy)} onChoose={() => onChoose(endpoint)} />
        ))}
      </ul>
    </>
  );
}

function Way({ endpoint, possible, onChoose }: { endpoint: Endpoint; possible: boolean; onChoose(): void }) {
  const { t } = useTranslation();
  return (
    <li>
      <span className="link-words">
        <b>{endpoint.policy}</b> {endpoint.mode} <span className="muted">{endpoint.url}</span>
        {endpoint.logins.length > 0 && <span className="muted"> · {t("linkDiscover.logins", { logins: endpoint.logins.join(", ") })}</span>}
      </span>
      {possible ? (
        <Button size="compact-xs" variant="default" onClick={onChoose}>
          {t("linkDiscover.choose")}
        </Button>
      ) : (
        <span className="muted">{t("linkDiscover.outdated")}</span>
      )}
    </li>
  );
}

interface TrustProps {
  endpoint: Endpoint;
  onBack(): void;
  onChosen(patch: LinkDraft): void;
  onClose(): void;
}

/** The fields of the link that the way fills in; its certificate is kept first if it shows one. */
async function patchOf({ url, policy, mode, certificate }: Endpoint): Promise<LinkDraft> {
  // No certificate of another way may stay behind: it would be the wrong one.
  if (policy === OPEN) return { url, policy, server_certificate: "" };
  return { url, policy, mode, server_certificate: certificate ? (await keepCertificate(certificate)).file : "" };
}

/** What the server says is not proven: its certificate is trusted once somebody has compared the thumbprint. */
function Trust({ endpoint, onBack, onChosen, onClose }: TrustProps) {
  const { t } = useTranslation();
  const [compared, setCompared] = useState(false);
  const shows = endpoint.policy !== OPEN && endpoint.certificate !== "";
  const take = useMutation({
    mutationFn: () => patchOf(endpoint),
    onSuccess: (patch) => {
      onChosen(patch);
      onClose();
    },
  });
  return (
    <>
      {shows ? (
        <>
          <span>{t("linkDiscover.compare")}</span>
          <code className="link-thumbprint">{endpoint.thumbprint.replace(/(..)(?=.)/g, "$1:")}</code>
          <Checkbox label={t("linkDiscover.compared")} checked={compared} onChange={(event) => setCompared(event.currentTarget.checked)} />
        </>
      ) : (
        <span>{endpoint.policy === OPEN ? t("linkDiscover.open") : t("linkDiscover.hidden")}</span>
      )}
      {take.error && (
        <div className="problem" role="alert">
          {words(take.error)}
        </div>
      )}
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onBack}>
          {t("linkDiscover.back")}
        </Button>
        <Button onClick={() => take.mutate()} loading={take.isPending} disabled={shows && !compared}>
          {t("linkDiscover.take")}
        </Button>
      </Group>
    </>
  );
}
