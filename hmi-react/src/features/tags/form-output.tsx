/** The rules of an output, and what makes a tag an emergency-stop button. */
import { ActionIcon, Button, Select, Switch, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { OUTPUT_NUMBERS, OUTPUT_TEXTS, type ConditionDraft, type EstopInputDraft, type OutputDraft } from "./tag-draft";
import type { TagForm } from "./tag-form";

interface Props {
  form: TagForm;
  output: OutputDraft;
  set(patch: Partial<OutputDraft>): void;
}

const UNITS: Partial<Record<(typeof OUTPUT_NUMBERS)[number], string>> = { max_rate: "/s", readback_tolerance: "" };
const CONDITIONS = ["permissives", "interlocks"] as const;

export function OutputRules({ form, output, set }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Switch size="xs" label={t("outputForm.continuous")} checked={output.continuous} onChange={(event) => set({ continuous: event.currentTarget.checked })} error={form.error("output.continuous")} />
      <Switch size="xs" label={t("tagForm.estop")} checked={output.estop} onChange={(event) => set({ estop: event.currentTarget.checked })} />
      {OUTPUT_TEXTS.map((field) => (
        <TextInput key={field} size="xs" label={t(`outputForm.${field}`)} value={output[field]} onChange={(event) => set({ [field]: event.currentTarget.value })} error={form.error(`output.${field}`)} spellCheck={false} />
      ))}
      {(["restart", "comm_loss"] as const).map((field) => (
        <Select
          key={field}
          size="xs"
          label={t(`outputForm.${field}`)}
          data={(["safe", "hold"] as const).map((value) => ({ value, label: t(`outputForm.returns.${value}`) }))}
          value={output[field]}
          onChange={(value) => set({ [field]: value ?? "safe" })}
          allowDeselect={false}
        />
      ))}
      <Select
        size="xs"
        label={t("outputForm.operate")}
        data={(["direct", "confirm", "select"] as const).map((value) => ({ value, label: t(`outputForm.operates.${value}`) }))}
        value={output.operate}
        onChange={(value) => set({ operate: value ?? "direct" })}
        allowDeselect={false}
      />
      {OUTPUT_NUMBERS.filter((field) => field !== "max_on_s").map((field) => (
        <TextInput
          key={field}
          size="xs"
          label={t(`outputForm.${field}`)}
          value={output[field]}
          onChange={(event) => set({ [field]: event.currentTarget.value })}
          error={form.error(`output.${field}`)}
          rightSection={<span className="put-unit">{UNITS[field] ?? "s"}</span>}
          inputMode="decimal"
        />
      ))}
      {CONDITIONS.map((field) => (
        <Conditions key={field} form={form} field={field} conditions={output[field]} set={(conditions) => set({ [field]: conditions })} />
      ))}
    </>
  );
}

interface ConditionsProps {
  form: TagForm;
  field: (typeof CONDITIONS)[number];
  conditions: readonly ConditionDraft[];
  set(conditions: ConditionDraft[]): void;
}

function Conditions({ form, field, conditions, set }: ConditionsProps) {
  const { t } = useTranslation();
  const change = (at: number, patch: Partial<ConditionDraft>): void => set(conditions.map((one, i) => (i === at ? { ...one, ...patch } : one)));
  return (
    <div className="form-wide form-rows" role="group" aria-label={t(`outputForm.${field}`)}>
      <span className="form-rows-head">{t(`outputForm.${field}`)}</span>
      {conditions.map((one, at) => (
        <div key={at} className="form-row">
          <TextInput
            size="xs"
            aria-label={t("outputForm.expression")}
            placeholder={t("outputForm.expression")}
            classNames={{ input: "mono" }}
            value={one.expression}
            onChange={(event) => change(at, { expression: event.currentTarget.value })}
            error={form.error(`output.${field}.${at}.expression`)}
            spellCheck={false}
          />
          <TextInput size="xs" aria-label={t("outputForm.text")} placeholder={t("outputForm.text")} value={one.text} onChange={(event) => change(at, { text: event.currentTarget.value })} />
          <ActionIcon variant="subtle" color="gray" onClick={() => set(conditions.filter((_, i) => i !== at))} aria-label={t("outputForm.remove", { what: one.text || one.expression || String(at + 1) })}>
            ✕
          </ActionIcon>
        </div>
      ))}
      {form.error(`output.${field}`) && (
        <span className="form-error" role="alert">
          {form.error(`output.${field}`)}
        </span>
      )}
      <Button size="compact-xs" variant="default" onClick={() => set([...conditions, { expression: "", text: "" }])}>
        {t(field === "permissives" ? "outputForm.addPermissive" : "outputForm.addInterlock")}
      </Button>
    </div>
  );
}

interface ButtonProps {
  form: TagForm;
  button: EstopInputDraft | null;
  set(button: EstopInputDraft | null): void;
}

export function EstopButtonFields({ form, button, set }: ButtonProps) {
  const { t } = useTranslation();
  return (
    <>
      <Switch
        size="xs"
        className="form-wide"
        label={t("outputForm.isButton")}
        checked={button !== null}
        onChange={(event) => set(event.currentTarget.checked ? { pressed: "false", zone: "", on_loss: "trip" } : null)}
        error={form.error("estop_input")}
      />
      {button && (
        <>
          <Select
            size="xs"
            label={t("outputForm.pressed")}
            data={[{ value: "false", label: "Off" }, { value: "true", label: "On" }]}
            value={button.pressed}
            onChange={(pressed) => set({ ...button, pressed: pressed ?? "false" })}
            allowDeselect={false}
          />
          <TextInput size="xs" label={t("outputForm.buttonZone")} value={button.zone} onChange={(event) => set({ ...button, zone: event.currentTarget.value })} error={form.error("estop_input.zone")} spellCheck={false} />
          <Select
            size="xs"
            label={t("outputForm.on_loss")}
            data={(["trip", "ignore"] as const).map((value) => ({ value, label: t(`outputForm.losses.${value}`) }))}
            value={button.on_loss}
            onChange={(on_loss) => set({ ...button, on_loss: on_loss ?? "trip" })}
            allowDeselect={false}
          />
        </>
      )}
    </>
  );
}
