/** From what the device counts to the engineering unit: two points or more. */
import { Section } from "@/ui/form-section";
import { Button, CloseButton, Select, Switch, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { emptyScale, type ScaleDraft } from "./tag-draft";
import type { TagForm } from "./tag-form";

const POINTS_MAX = 64;
const POINTS_MIN = 2;

export function FormScale({ form, unit }: { form: TagForm; unit: string }) {
  const { t } = useTranslation();
  const { scale } = form.draft;
  const toggle = <Switch size="xs" ml="auto" label={t("tagForm.scaled")} checked={scale !== null} onChange={(event) => form.set({ scale: event.currentTarget.checked ? emptyScale() : null })} />;
  return (
    <Section title={t("tags.scale")} tools={toggle} error={scale ? form.error("scale") : undefined}>
      {scale ? <Points form={form} scale={scale} unit={unit} /> : <span className="muted form-wide">{t("tagForm.unscaled")}</span>}
    </Section>
  );
}

function Points({ form, scale, unit }: { form: TagForm; scale: ScaleDraft; unit: string }) {
  const { t } = useTranslation();
  const set = (patch: Partial<ScaleDraft>): void => form.set({ scale: { ...scale, ...patch } });
  const point = (at: number, end: "raw" | "eng", value: string): void => set({ points: scale.points.map((one, index) => (index === at ? { ...one, [end]: value } : one)) });
  return (
    <>
      <div className="form-rows">
        {scale.points.map((one, at) => (
          <div key={at} className="form-row">
            <TextInput size="xs" className="grow" aria-label={t("tagForm.rawPoint", { at: at + 1 })} placeholder={t("tagForm.raw")} value={one.raw} onChange={(event) => point(at, "raw", event.currentTarget.value)} inputMode="decimal" />
            <span aria-hidden>→</span>
            <TextInput
              size="xs"
              className="grow"
              aria-label={t("tagForm.engPoint", { at: at + 1 })}
              placeholder={t("tagForm.eng")}
              value={one.eng}
              onChange={(event) => point(at, "eng", event.currentTarget.value)}
              inputMode="decimal"
              rightSection={unit && <span className="put-unit">{unit}</span>}
              rightSectionWidth="auto"
            />
            <CloseButton size="sm" disabled={scale.points.length <= POINTS_MIN} aria-label={t("form.removeRow", { row: String(at + 1) })} onClick={() => set({ points: scale.points.filter((_, index) => index !== at) })} />
          </div>
        ))}
      </div>
      <Button size="compact-xs" variant="default" disabled={scale.points.length >= POINTS_MAX} onClick={() => set({ points: [...scale.points, { raw: "", eng: "" }] })} style={{ justifySelf: "start" }}>
        {t("tagForm.addPoint")}
      </Button>
      <Select
        size="xs"
        label={t("tagForm.curve")}
        data={(["linear", "square_root"] as const).map((value) => ({ value, label: t(`tagForm.curves.${value}`) }))}
        value={scale.curve}
        onChange={(curve) => curve && set({ curve: curve as ScaleDraft["curve"] })}
        allowDeselect={false}
        disabled={scale.points.length > POINTS_MIN}
      />
      <TextInput size="xs" label={t("tagForm.limitLow")} value={scale.low} onChange={(event) => set({ low: event.currentTarget.value })} inputMode="decimal" />
      <TextInput size="xs" label={t("tagForm.limitHigh")} value={scale.high} onChange={(event) => set({ high: event.currentTarget.value })} inputMode="decimal" />
      <Switch size="xs" className="form-wide" label={t("tagForm.clamp")} checked={scale.clamp} onChange={(event) => set({ clamp: event.currentTarget.checked })} />
    </>
  );
}
