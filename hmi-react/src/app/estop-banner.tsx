/** Says that the plant is stopped, by whom and why; clears it in two steps with a reason. */
import { Button, Group, Modal, Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { words } from "@/api/errors";
import { formatDateTime } from "@/ui/format";
import type { Estop } from "./use-estop";

export function EstopBanner({ estop }: { estop: Estop }) {
  const { t } = useTranslation();
  const mayClear = useMay("supervisor");
  const [asking, setAsking] = useState<string | null>(null);
  const { view, tripError } = estop;
  const latched = view?.latched ?? false;
  return (
    <>
      {tripError !== null && (
        <div className="banner banner-loud" role="alert">
          <strong>{t("estop.notConfirmed")}</strong> <span>{tripError}</span>
          <Button size="xs" variant="default" onClick={estop.trip} loading={estop.tripping}>
            {t("estop.again")}
          </Button>
        </div>
      )}
      {view?.guard === "down" && (
        <div className="banner banner-loud" role="alert">
          <strong>{t("estop.guardDown")}</strong> <span>{t("estop.guardDownHint")}</span>
        </div>
      )}
      {latched && view && (
        <div className="banner banner-loud" role="alert" data-testid="estop-banner">
          <strong>{t("estop.active")}</strong>
          <span className="banner-text">
            {t("estop.by", { actor: view.actor, reason: view.reason || t("estop.noReason"), time: formatDateTime(view.time) })}
            {view.unconfirmed.length > 0 && ` ${t("estop.unconfirmed", { outputs: view.unconfirmed.join(", ") })}`}
          </span>
          <Button size="xs" variant="default" onClick={() => setAsking(view.id)} disabled={!mayClear} title={mayClear ? undefined : t("estop.needsSupervisor")}>
            {t("estop.clear")}
          </Button>
        </div>
      )}
      {view?.zones.filter((zone) => zone.latched).map((zone) => (
        <div key={zone.zone} className="banner banner-loud" role="alert" data-testid={`estop-zone-${zone.zone}`}>
          <strong>{t("guard.zoneActive", { zone: zone.zone })}</strong>
          <span className="banner-text">
            {t("estop.by", { actor: zone.actor, reason: zone.reason || t("estop.noReason"), time: formatDateTime(zone.time) })}
            {zone.unconfirmed.length > 0 && ` ${t("estop.unconfirmed", { outputs: zone.unconfirmed.join(", ") })}`}
          </span>
          <Button size="xs" variant="default" onClick={() => setAsking(zone.id)} disabled={!mayClear} title={mayClear ? undefined : t("estop.needsSupervisor")}>
            {t("guard.clearZone", { zone: zone.zone })}
          </Button>
        </div>
      ))}
      {asking !== null && <ClearDialog id={asking} estop={estop} onClose={() => setAsking(null)} />}
    </>
  );
}

function ClearDialog({ id, estop, onClose }: { id: string; estop: Estop; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const confirm = (): void => {
    setBusy(true);
    setError(null);
    estop
      .clear(id, reason.trim())
      .then(onClose)
      .catch((failure: unknown) => setError(words(failure)))
      .finally(() => setBusy(false));
  };
  return (
    <Modal opened onClose={onClose} title={t("estop.clearTitle")} centered>
      <Stack gap={12}>
        <span>{t("estop.clearHint")}</span>
        <Textarea label={t("estop.reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} disabled={sure} data-autofocus required />
        {sure && <strong>{t("estop.sure")}</strong>}
        {error && (
          <div className="problem" role="alert">
            {error}
          </div>
        )}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          {sure ? (
            <Button onClick={confirm} loading={busy}>
              {t("estop.confirmClear")}
            </Button>
          ) : (
            <Button onClick={() => setSure(true)} disabled={reason.trim() === ""}>
              {t("estop.continue")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
