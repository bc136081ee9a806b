/** Changes the definition of an alarm, and shows meanwhile where its limit would lie in the last hour. */
import { Button, Group, Modal, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { replaceAlarm, useAlarmDefinition, type AlarmDefinition } from "@/api/alarms";
import { useUnits } from "@/api/configuration";
import { isRefusal, mistakesOf, words } from "@/api/errors";
import { PRIORITIES } from "@/live/alarm-order";
import { useTagInfo } from "@/live/directory";
import { errorAt } from "@/ui/mistakes";
import { Loaded } from "@/ui/page";
import { Trend } from "@/ui/trend";
import { bodyOf, draftOf, marksOf, mistakesIn, pathOf, type DefinitionDraft, type LimitDraft, type TextField } from "./definition-draft";

const HOUR_S = 3600;

interface Props {
  name: string;
  onClose(): void;
}

export function AlarmEditor({ name, onClose }: Props) {
  const { t } = useTranslation();
  const definition = useAlarmDefinition(name);
  return (
    <Modal opened onClose={onClose} title={t("alarms.editTitle", { name })} centered size="lg" closeOnClickOutside={false}>
      <Loaded query={definition}>{definition.data && <Form name={name} definition={definition.data} onClose={onClose} />}</Loaded>
    </Modal>
  );
}

function Form({ name, definition, onClose }: Props & { definition: AlarmDefinition }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { body, hash } = definition;
  const [draft, setDraft] = useState(() => draftOf(body));
  const wrong = mistakesIn(draft);
  const save = useMutation({
    mutationFn: () => replaceAlarm(name, bodyOf(body, draft), hash),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["alarms"] });
      onClose();
    },
  });
  const set = (patch: Partial<DefinitionDraft>): void => {
    setDraft((now) => ({ ...now, ...patch }));
    save.reset();
  };
  const mistakes = mistakesOf(save.error);
  const errorOf = (path: string): string | undefined => (wrong[path] ? t(`alarms.${wrong[path]}`) : errorAt(mistakes, path));
  const setLimit = (at: number, patch: Partial<LimitDraft>): void => set({ limits: draft.limits.map((one, index) => (index === at ? { ...one, ...patch } : one)) });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (Object.keys(wrong).length === 0) save.mutate();
  };
  const field = (key: TextField, label: string) => (
    <TextInput size="xs" label={label} value={draft[key]} onChange={(event) => set({ [key]: event.currentTarget.value })} error={errorOf(key)} inputMode="decimal" autoComplete="off" />
  );
  const area = (key: "cause" | "action" | "description", label: string) => (
    <Textarea size="xs" className="alarm-form-wide" label={label} value={draft[key]} onChange={(event) => set({ [key]: event.currentTarget.value })} error={errorOf(key)} maxLength={2000} rows={key === "description" ? 1 : 2} />
  );
  return (
    <form onSubmit={submit} className="alarm-form">
      {draft.limits.map((one, at) => (
        <LimitFields key={one.level} limit={one} errorOf={errorOf} onChange={(patch) => setLimit(at, patch)} />
      ))}
      {draft.limits.length > 0 && <Preview body={body} draft={draft} />}
      <NativeSelect
        size="xs"
        label={t("alarm.priority")}
        value={draft.priority}
        onChange={(event) => set({ priority: event.currentTarget.value })}
        data={PRIORITIES.map((one) => ({ value: String(one), label: t("alarms.priorityOf", { priority: one, word: t(`alarm.priorities.p${one}`) }) }))}
      />
      <TextInput size="xs" label={t("tags.area")} value={draft.area} onChange={(event) => set({ area: event.currentTarget.value })} error={errorOf("area")} maxLength={200} />
      {field("on_delay_s", `${t("alarms.onDelay")} (s)`)}
      {field("off_delay_s", `${t("alarms.offDelay")} (s)`)}
      {area("description", t("tags.description"))}
      {area("cause", t("alarm.cause"))}
      {area("action", t("alarm.action"))}
      {save.error && (
        <div className="problem alarm-form-wide" role="alert">
          {isRefusal(save.error, "changed") ? t("alarms.overtaken") : words(save.error)}
        </div>
      )}
      <Group justify="flex-end" gap={8} className="alarm-form-wide alarm-form-end">
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button type="submit" loading={save.isPending} disabled={Object.keys(wrong).length > 0}>
          {t("form.save")}
        </Button>
      </Group>
    </form>
  );
}

interface LimitProps {
  limit: LimitDraft;
  errorOf(path: string): string | undefined;
  onChange(patch: Partial<LimitDraft>): void;
}

function LimitFields({ limit, errorOf, onChange }: LimitProps) {
  const { t } = useTranslation();
  const field = (key: "limit" | "deadband") => {
    const label = limit.level ? `${t(`alarms.${key}`)}, ${limit.level.replace("_", " ")}` : t(`alarms.${key}`);
    return <TextInput size="xs" label={label} value={limit[key]} onChange={(event) => onChange({ [key]: event.currentTarget.value })} error={errorOf(pathOf(limit.level, key))} inputMode="decimal" autoComplete="off" />;
  };
  return (
    <>
      {field("limit")}
      {field("deadband")}
    </>
  );
}

/** The tag over the last hour, with the limit as it is typed. */
function Preview({ body, draft }: { body: AlarmDefinition["body"]; draft: DefinitionDraft }) {
  const { t } = useTranslation();
  const name = String(body["tag"] ?? "");
  const tag = useTagInfo(name);
  const units = useUnits().data;
  const tags = useMemo(() => [name], [name]);
  const marks = useMemo(() => (tag ? marksOf(body, draft, tag, units ?? []) : null), [body, draft, tag, units]);
  return (
    <figure className="alarm-form-wide" style={{ margin: 0 }} aria-label={t("alarms.lastHour", { tag: name })} data-limits={marks?.lines.join(" ")}>
      <div className="alarm-preview">
        <Trend tags={tags} rangeS={HOUR_S} compact marks={marks} />
      </div>
      <figcaption className="muted alarm-note">
        {t("alarms.lastHour", { tag: name })}. {t("alarms.previewHint")}
      </figcaption>
    </figure>
  );
}
