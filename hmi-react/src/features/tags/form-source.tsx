/** Where the value comes from, and who may put it. */
import { Autocomplete, Button, Popover, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLinks } from "@/api/queries";
import { Section } from "@/ui/form-section";
import { Flag, Text } from "./form-fields";
import { EstopButtonFields, OutputRules } from "./form-output";
import { emptyOutput, ROLES, type OutputDraft } from "./tag-draft";
import type { TagForm } from "./tag-form";

const HELP = ["arithmetic", "compare", "if", "avg", "math", "good", "first_good", "delay", "rate", "totalise", "hysteresis", "tag"] as const;

export function FormSource({ form }: { form: TagForm }) {
  const { t } = useTranslation();
  const { draft, set } = form;
  const isOutput = draft.kind === "field" && draft.output !== null;
  return (
    <Section title={t("tagForm.source")} tools={draft.kind === "derived" && !draft.byFunction && <ExpressionHelp />}>
      {draft.kind === "field" && <FieldSource form={form} />}
      {draft.kind === "derived" && (draft.byFunction ? <span className="muted form-wide">{t("tagForm.byFunction")}</span> : <Expression form={form} />)}
      {draft.kind === "soft" && <Flag form={form} field="retained" />}
      {draft.kind !== "derived" && (
        <>
          <Initial form={form} />
          <Flag form={form} field="writable" />
          {draft.writable && (
            <Select size="xs" label={t("tags.write_role")} data={[...ROLES]} value={draft.write_role || null} onChange={(role) => set({ write_role: role ?? "" })} clearable placeholder="operator" error={form.error("write_role")} />
          )}
        </>
      )}
      {draft.kind === "field" && (
        <Switch
          size="xs"
          className="form-wide"
          label={t("tagForm.isOutput")}
          checked={isOutput}
          onChange={(event) => set(event.currentTarget.checked ? { output: emptyOutput(draft.type), writable: true } : { output: null, writable: false })}
        />
      )}
      {isOutput && draft.output && <Output form={form} output={draft.output} />}
      {draft.kind === "field" && draft.type === "bool" && !isOutput && <EstopButtonFields form={form} button={draft.estop_input} set={(estop_input) => set({ estop_input })} />}
    </Section>
  );
}

function FieldSource({ form }: { form: TagForm }) {
  const { t } = useTranslation();
  const links = useLinks().data?.items ?? [];
  return (
    <>
      <Autocomplete
        size="xs"
        label={t("tags.source")}
        data={links.map((link) => `${link.name}/`)}
        value={form.draft.source}
        onChange={(source) => form.set({ source })}
        error={form.error("source")}
        placeholder={t("tagForm.sourceHint")}
        maxLength={form.most("source") ?? 300}
        spellCheck={false}
      />
      <Text form={form} field="scan" placeholder="normal" />
    </>
  );
}

function Expression({ form }: { form: TagForm }) {
  const { t } = useTranslation();
  return (
    <Textarea
      size="xs"
      className="form-wide"
      classNames={{ input: "mono" }}
      label={t("tags.expression")}
      value={form.draft.expression}
      onChange={(event) => form.set({ expression: event.currentTarget.value })}
      error={form.error("expression")}
      maxLength={form.most("expression") ?? 2000}
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
    />
  );
}

function ExpressionHelp() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Popover position="bottom-end" transitionProps={{ duration: 0 }} opened={open} onChange={setOpen}>
      <Popover.Target>
        <Button size="compact-xs" variant="default" ml="auto" onClick={() => setOpen(!open)} onKeyDown={(event) => event.key === "Escape" && setOpen(false)}>
          {t("tagForm.help")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="help">
        <table>
          <tbody>
            {HELP.map((one) => (
              <tr key={one}>
                <td className="mono">{t(`expressionHelp.${one}.form`)}</td>
                <td>{t(`expressionHelp.${one}.means`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Choices of a value that is not typed freely; null if it is. */
function choices(form: TagForm): { value: string; label: string }[] | null {
  const { draft } = form;
  if (draft.type === "bool") return [{ value: "false", label: "Off" }, { value: "true", label: "On" }];
  if (draft.type === "enum") return draft.states.filter((row) => row.key !== "").map((row) => ({ value: row.key, label: row.value || row.key }));
  return null;
}

function Initial({ form }: { form: TagForm }) {
  const { t } = useTranslation();
  const data = choices(form);
  if (data === null) return <Text form={form} field="initial" number={form.draft.type !== "string"} />;
  return <Select size="xs" label={t("tags.initial")} data={data} value={form.draft.initial || null} onChange={(value) => form.set({ initial: value ?? "" })} clearable error={form.error("initial")} />;
}

function Output({ form, output }: { form: TagForm; output: OutputDraft }) {
  const { t } = useTranslation();
  const data = choices(form);
  const set = (patch: Partial<OutputDraft>): void => form.set({ output: { ...output, ...patch } });
  return (
    <>
      {data ? (
        <Select size="xs" label={t("tagForm.safe")} data={data} value={output.safe || null} onChange={(safe) => set({ safe: safe ?? "" })} allowDeselect={false} error={form.error("output.safe")} />
      ) : (
        <TextInput size="xs" label={t("tagForm.safe")} value={output.safe} onChange={(event) => set({ safe: event.currentTarget.value })} error={form.error("output.safe")} inputMode="decimal" />
      )}
      <TextInput
        size="xs"
        label={t("tagForm.max_on_s")}
        value={output.max_on_s}
        onChange={(event) => set({ max_on_s: event.currentTarget.value })}
        error={form.error("output.max_on_s")}
        rightSection={<span className="put-unit">s</span>}
        inputMode="decimal"
      />
      <OutputRules form={form} output={output} set={set} />
    </>
  );
}
