/** Makes an equipment, or changes its parameters; its tags and alarms follow. */
import { Autocomplete, Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { createObject, replaceObject, useTypes } from "@/api/configuration";
import { mistakesOf, words } from "@/api/errors";
import { useTagAreas, type Body } from "@/api/tags";
import { useFormKeys } from "@/ui/form-keys";
import { errorAt } from "@/ui/mistakes";
import { Unsaved } from "@/ui/unsaved";
import { bodyOf, draftOf, parametersOf, parameterValue, WORDS, type EquipmentDraft, type Parameter } from "./parameters";

interface Props {
  body: Body;
  /** Hash of the definition that the form began with; null for a new equipment. */
  seen: string | null;
  onSaved(name: string): void;
  onCancel(): void;
}

export function EquipmentForm({ body, seen, onSaved, onCancel }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const types = useTypes().data ?? [];
  const areas = useTagAreas().data?.map((area) => area.path).filter(Boolean) ?? [];
  const saved = useRef(false);
  const [first] = useState(() => draftOf(body));
  const [draft, setDraft] = useState<EquipmentDraft>(() => ({ ...first, type: first.type || (types[0]?.name ?? "") }));
  const [tried, setTried] = useState(false);
  const parameters = parametersOf(types.find((type) => type.name === draft.type)?.body);
  const wrong = new Map(parameters.flatMap((one) => {
    const { mistake } = parameterValue(one, draft.parameters[one.name] ?? "");
    return mistake === undefined || (mistake === "needed" && !tried) ? [] : [[one.name, mistake === "needed" ? t("form.needed") : t(`put.${mistake}`)] as const];
  }));
  const ready = draft.name.trim() !== "" && draft.type !== "" && parameters.every((one) => parameterValue(one, draft.parameters[one.name] ?? "").mistake === undefined);
  const save = useMutation({
    mutationFn: () => {
      const next = bodyOf(draft, parameters);
      return seen === null ? createObject("equipment", next) : replaceObject("equipment", draft.name, next, seen);
    },
    onSuccess: async () => {
      saved.current = true;
      await Promise.all([queries.invalidateQueries({ queryKey: ["equipment"] }), queries.invalidateQueries({ queryKey: ["tags"] })]);
      onSaved(draft.name.trim());
    },
  });
  const set = (patch: Partial<EquipmentDraft>): void => {
    setDraft((now) => ({ ...now, ...patch }));
    save.reset();
  };
  const trySave = (): void => {
    setTried(true);
    if (ready && !save.isPending) save.mutate();
  };
  useFormKeys({ save: trySave, leave: onCancel });
  const changed = JSON.stringify(draft) !== JSON.stringify({ ...first, type: first.type || draft.type });
  const dirty = useCallback(() => changed && !saved.current, [changed]);
  const mistakes = mistakesOf(save.error);
  const missing = tried && draft.name.trim() === "" ? t("form.needed") : undefined;
  return (
    <section className="panel" aria-label={seen === null ? t("equipment.new") : draft.name}>
      <header className="panel-head">
        <h2 className="panel-title">{seen === null ? t("equipment.new") : t("equipment.parameters")}</h2>
        <Button size="xs" variant="default" ml="auto" onClick={onCancel}>
          {t("common.cancel")}
        </Button>
        <Button size="xs" onClick={trySave} loading={save.isPending} title="Ctrl-S">
          {t("form.save")}
        </Button>
      </header>
      <div className="equipment-fields">
        <TextInput size="xs" label={t("alarm.name")} value={draft.name} onChange={(event) => set({ name: event.currentTarget.value })} disabled={seen !== null} error={missing ?? errorAt(mistakes, "name")} maxLength={128} />
        <NativeSelect size="xs" label={t("equipment.type")} value={draft.type} onChange={(event) => set({ type: event.currentTarget.value })} data={types.map((type) => type.name)} error={errorAt(mistakes, "type")} />
        <Autocomplete size="xs" label={t("tags.area")} data={areas} limit={40} value={draft.area} onChange={(area) => set({ area })} error={errorAt(mistakes, "area")} maxLength={200} />
        <TextInput size="xs" label={t("tags.description")} value={draft.description} onChange={(event) => set({ description: event.currentTarget.value })} error={errorAt(mistakes, "description")} maxLength={500} />
        {parameters.map((parameter) => (
          <ParameterField
            key={parameter.name}
            parameter={parameter}
            text={draft.parameters[parameter.name] ?? ""}
            error={wrong.get(parameter.name) ?? errorAt(mistakes, `parameters.${parameter.name}`)}
            onText={(text) => set({ parameters: { ...draft.parameters, [parameter.name]: text } })}
          />
        ))}
      </div>
      {save.error && (
        <div className="problem" role="alert">
          <span style={{ whiteSpace: "pre-line" }}>{words(save.error)}</span>
        </div>
      )}
      <Unsaved dirty={dirty} words={WORDS} />
    </section>
  );
}

interface FieldProps {
  parameter: Parameter;
  text: string;
  error: string | undefined;
  onText(text: string): void;
}

function ParameterField({ parameter, text, error, onText }: FieldProps) {
  const { t } = useTranslation();
  const common = { size: "xs", label: parameter.name, description: parameter.description || undefined, error } as const;
  if (parameter.type === "bool") {
    const none = parameter.default === undefined ? "" : t("equipment.default", { value: parameter.default });
    return <NativeSelect {...common} value={text} onChange={(event) => onText(event.currentTarget.value)} data={[{ value: "", label: none }, { value: "false", label: t("common.no") }, { value: "true", label: t("common.yes") }]} />;
  }
  return <TextInput {...common} value={text} onChange={(event) => onText(event.currentTarget.value)} placeholder={parameter.default} inputMode={parameter.type === "string" ? "text" : "decimal"} maxLength={500} />;
}
