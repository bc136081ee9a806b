/** The form of one tag: its state, what is wrong, saving, and what happens if somebody else was quicker. */
import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useSchema, useUnits } from "@/api/configuration";
import { isRefusal, mistakesOf, words } from "@/api/errors";
import { checkTag, createTag, replaceTag, type Body } from "@/api/tags";
import { formatUnit } from "@/ui/format";
import { useFormKeys } from "@/ui/form-keys";
import { errorAt, leftOver, mistakeText } from "@/ui/mistakes";
import { Page } from "@/ui/page";
import { Unsaved } from "@/ui/unsaved";
import { Section } from "@/ui/form-section";
import { FormChecks, FormFilters } from "./form-conditioning";
import { Text } from "./form-fields";
import { FormIdentity } from "./form-identity";
import { FormNumber, FormPairs, nextState } from "./form-number";
import { FormScale } from "./form-scale";
import { FormSource } from "./form-source";
import { TagOvertaken } from "./overtaken";
import { bodyOf } from "./tag-body";
import { draftOf, isNumeric, type Draft } from "./tag-draft";
import { maxLength, PATHS, type TagForm } from "./tag-form";
import "./tags.css";

interface Props {
  title: string;
  /** Undefined for a new tag. */
  name: string | undefined;
  body: Body;
  /** Hash of the definition that the form began with. */
  seen: string | null;
  byFunction: boolean;
  reload(): Promise<unknown>;
}

const CHECK_MS = 400;

export function TagEditor({ title, name, body, seen, byFunction, reload }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const first = useMemo(() => draftOf(body, byFunction), [body, byFunction]);
  const [draft, setDraft] = useState<Draft>(first);
  const [tried, setTried] = useState(false);
  const saved = useRef(false);
  const result = useMemo(() => bodyOf(draft), [draft]);
  const ready = result.mistakes.length === 0 && result.missing.length === 0;
  const [checked] = useDebouncedValue(JSON.stringify(result.body), CHECK_MS);
  const check = useQuery({
    queryKey: ["tag-check", name, checked],
    queryFn: ({ signal }) => checkTag(JSON.parse(checked) as Body, name, signal),
    enabled: ready,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  const save = useMutation({
    mutationFn: (over: boolean) => (name === undefined ? createTag(result.body) : replaceTag(name, result.body, over ? null : seen)),
    onSuccess: async (tag) => {
      saved.current = true;
      await queries.invalidateQueries({ queryKey: ["tags"] });
      void navigate(`/tags/${encodeURIComponent(tag.name)}`, { replace: true });
    },
  });
  const refused = mistakesOf(save.error);
  const mistakes = [...result.mistakes, ...(tried ? result.missing : []), ...(ready ? (check.data ?? []) : []), ...refused];
  const changed = draft !== first && JSON.stringify(draft) !== JSON.stringify(first);
  const dirty = useCallback(() => changed && !saved.current, [changed]);
  const leave = (): void => void navigate(name === undefined ? "/tags" : `/tags/${encodeURIComponent(name)}`);
  const trySave = (): void => {
    setTried(true);
    if (ready && !save.isPending) save.mutate(false);
  };
  useFormKeys({ save: trySave, leave });
  const schema = useSchema("tag").data;
  const form: TagForm = {
    draft,
    isNew: name === undefined,
    set: (patch) => {
      setDraft((now) => ({ ...now, ...patch }));
      save.reset();
    },
    error: (path) => errorAt(mistakes, path),
    most: (field) => maxLength(schema, field),
  };
  const overtaken = isRefusal(save.error, "changed");
  const others = leftOver(mistakes, PATHS);
  const problem = save.error && !overtaken && refused.length === 0 ? words(save.error) : null;
  return (
    <Page
      title={title}
      scroll
      tools={
        <>
          <Button size="xs" variant="default" onClick={leave}>
            {t("common.cancel")}
          </Button>
          <Button size="xs" onClick={trySave} loading={save.isPending} disabled={tried && !ready} title="Ctrl-S">
            {t("form.save")}
          </Button>
        </>
      }
    >
      {overtaken && name !== undefined && <TagOvertaken name={name} ours={result.body} onReload={() => void reload()} onOverwrite={() => save.mutate(true)} />}
      {(problem !== null || others.length > 0) && (
        <div className="problem" role="alert">
          <ul className="lines">
            {problem !== null && <li>{problem}</li>}
            {others.map((mistake) => (
              <li key={mistake.field + mistake.message}>
                {mistake.field && <b>{mistake.field}</b>} {mistakeText(mistake)}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Parts form={form} />
      <Unsaved dirty={dirty} />
    </Page>
  );
}

/** The parts of the form that a tag of the chosen type and kind has. */
function Parts({ form }: { form: TagForm }) {
  const { t } = useTranslation();
  const { draft } = form;
  const units = useUnits().data;
  const unit = isNumeric(draft) && draft.unit ? (units?.flatMap((quantity) => quantity.units).find((one) => one.id === draft.unit)?.symbol ?? formatUnit(draft.unit)) : "";
  const measured = draft.kind === "field" && isNumeric(draft);
  return (
    <div className="form">
      <FormIdentity form={form} />
      <FormSource form={form} />
      {draft.type === "enum" && (
        <FormPairs
          title={t("tags.states")}
          keyLabel={t("tagForm.stateValue")}
          valueLabel={t("tagForm.stateText")}
          rows={draft.states}
          error={form.error("states")}
          add={t("tagForm.addState")}
          onRows={(states) => form.set({ states })}
          nextKey={nextState}
        />
      )}
      <FormNumber form={form} unit={unit} />
      {measured && <FormScale form={form} unit={unit} />}
      {measured && <FormFilters form={form} />}
      <FormChecks form={form} unit={unit} />
      <Section title={t("tagForm.place")}>
        <Text form={form} field="manufacturer" />
        <Text form={form} field="segment" />
        <Text form={form} field="kilometre_post" number unit="km" />
      </Section>
      <FormPairs
        title={t("tags.metadata")}
        keyLabel={t("tagForm.key")}
        valueLabel={t("tagForm.text")}
        rows={draft.metadata}
        error={form.error("metadata")}
        add={t("tagForm.addEntry")}
        onRows={(metadata) => form.set({ metadata })}
      />
    </div>
  );
}
