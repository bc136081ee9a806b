/** Which ways lead into a server: one is chosen, and its certificate trusted by who has compared it. */
import { Button, Checkbox, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { discover, keepCertificate, type Endpoint } from "@/api/links";
import type { LinkDraft } from "./link-schema";

interface Props {
  kind: string;
  url: string;
  onChosen(patch: LinkDraft): void;
  onClose(): void;
}

export function LinkDiscover({ kind, url, onChosen, onClose }: Props) {
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
          <TextInput size="xs" label={t("linkDiscover.url")} value={at} onChange={(event) => setAt(event.currentTarget.value)} maxLength={500} data-autofocus />
          <Button size="xs" type="submit" loading={found.isPending}>
            {t("linkDiscover.look")}
          </Button>
        </form>
        {found.error && (
          <div className="problem" role="alert">
            {words(found.error)}
          </div>
        )}
        {found.data && chosen === null && (
          <>
            {found.data.servers.flatMap((server) => server.urls.map((one) => ({ name: server.name, url: one }))).filter((one) => one.url !== at).map((one) => (
              <Button key={one.url} size="compact-xs" variant="default" onClick={() => look(one.url)}>
                {t("linkDiscover.server", one)}
              </Button>
            ))}
            <ul className="lines" aria-label={t("linkDiscover.endpoints")}>
              {found.data.endpoints.map((endpoint, i) => (
                <li key={i}>
                  <span className="link-words">
                    <b>{endpoint.policy}</b> {endpoint.mode} <span className="muted">{endpoint.url}</span>
                  </span>
                  <Button size="compact-xs" variant="default" onClick={() => setChosen(endpoint)}>
                    {t("linkDiscover.choose")}
                  </Button>
                </li>
              ))}
            </ul>
          </>
        )}
        {chosen && <Trust endpoint={chosen} onBack={() => setChosen(null)} onChosen={onChosen} onClose={onClose} />}
      </Stack>
    </Modal>
  );
}

interface TrustProps {
  endpoint: Endpoint;
  onBack(): void;
  onChosen(patch: LinkDraft): void;
  onClose(): void;
}

/** What the server says is not proven: its certificate is trusted once somebody has compared the thumbprint. */
function Trust({ endpoint, onBack, onChosen, onClose }: TrustProps) {
  const { t } = useTranslation();
  const secure = endpoint.policy !== "None" && endpoint.certificate !== "";
  const [compared, setCompared] = useState(false);
  const take = useMutation({
    mutationFn: async () => {
      const place = { url: endpoint.url, policy: endpoint.policy };
      if (!secure) return place;
      const { file } = await keepCertificate(endpoint.certificate);
      return { ...place, mode: endpoint.mode, server_certificate: file };
    },
    onSuccess: (patch) => {
      onChosen(patch);
      onClose();
    },
  });
  return (
    <>
      {secure ? (
        <>
          <span>{t("linkDiscover.compare")}</span>
          <code className="link-thumbprint">{endpoint.thumbprint.replace(/(..)(?=.)/g, "$1:")}</code>
          <Checkbox label={t("linkDiscover.compared")} checked={compared} onChange={(event) => setCompared(event.currentTarget.checked)} />
        </>
      ) : (
        <span>{t("linkDiscover.open")}</span>
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
        <Button onClick={() => take.mutate()} loading={take.isPending} disabled={secure && !compared}>
          {t("linkDiscover.take")}
        </Button>
      </Group>
    </>
  );
}
