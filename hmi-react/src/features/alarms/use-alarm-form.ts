/** The state of the form of one alarm: what was typed, what is wrong with it, saving, and what happens if somebody else was quicker. */
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { checkAlarm, createAlarm, replaceAlarm, type AlarmDefinition } from "@/api/alarms";
import { useUnits } from "@/api/configuration";
import { isRefusal, mistakesOf, words, type Mistake } from "@/api/errors";
import type { Body } from "@/api/tags";
import { useTagInfo } from "@/live/directory";
import { formatUnit } from "@/ui/format";
import { errorAt, leftOver, mistakeText } from "@/ui/mistakes";
import { pathsOf, type AlarmForm } from "./alarm-form";
import { changed, draftOf, type DefinitionDraft } from "./definition-draft";
import { bodyOf } from "./definition-body";
import type { Rules } from "./definition-schema";

const CHECK_MS = 400;

export interface Begun {
  /** Undefined for a new alarm. */
  name: string | undefined;
  body: Body;
  /** Hash of the definition that the form began with. */
  seen: string | null;
  rules: Rules;
}

export interface FormState {
  form: AlarmForm;
  body: Body;
  /** What no field shows. */
  others: readonly Mistake[];
  problem: string | null;
  warnings: readonly string[];
  overtaken: boolean;
  saving: boolean;
  /** It was to be saved, and cannot be yet. */
  stuck: boolean;
  dirty(): boolean;
  save(): void;
  overwrite(): void;
  leave(): void;
}

/** The page of the alarm in the list, told what the runtime thinks of what was saved. */
const addressOf = (name: string): string => `/alarms?${new URLSearchParams({ show: "all", alarm: name })}`;

function useSave({ name, seen }: Begun, body: Body, onSaved: () => void) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (over: boolean): Promise<AlarmDefinition> => (name === undefined ? createAlarm(body) : replaceAlarm(name, body, over ? null : seen)),
    onSuccess: async (alarm) => {
      onSaved();
      await queries.invalidateQueries({ queryKey: ["alarms"] });
      void navigate(addressOf(alarm.name), { replace: true, state: { saved: alarm.name, warnings: alarm.warnings ?? [] } });
    },
  });
}

/** Asked also while something is missing: what the area says is shown from the beginning. */
function useCheck(name: string | undefined, body: Body) {
  const [checked] = useDebouncedValue(JSON.stringify(body), CHECK_MS);
  return useQuery({
    queryKey: ["alarm-check", name, checked],
    queryFn: ({ signal }) => checkAlarm(JSON.parse(checked) as Body, name, signal),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
}

export function useAlarmForm(begun: Begun): FormState {
  const { name, rules } = begun;
  const navigate = useNavigate();
  const first = useMemo(() => draftOf(begun.body), [begun.body]);
  const [draft, setDraft] = useState<DefinitionDraft>(first);
  const [tried, setTried] = useState(false);
  const saved = useRef(false);
  const tag = useTagInfo(draft.tag || undefined);
  const result = useMemo(() => bodyOf(draft, rules, tag), [draft, rules, tag]);
  const ready = result.mistakes.length === 0 && result.missing.length === 0;
  const check = useCheck(name, result.body);
  const save = useSave(begun, result.body, () => {
    saved.current = true;
  });
  const refused = mistakesOf(save.error);
  const mistakes = [...result.mistakes, ...(tried ? result.missing : []), ...(ready ? (check.data?.mistakes ?? []) : []), ...refused];
  const isChanged = draft !== first && JSON.stringify(draft) !== JSON.stringify(first);
  const dirty = useCallback(() => isChanged && !saved.current, [isChanged]);
  const set = (patch: Partial<DefinitionDraft>): void => {
    setDraft((now) => changed(now, patch, name === undefined));
    save.reset();
  };
  const units = useUnits().data;
  const unit = draft.unit === "" ? (tag?.unit_symbol ?? "") : (units?.flatMap((quantity) => quantity.units).find((one) => one.id === draft.unit)?.symbol ?? formatUnit(draft.unit));
  const form: AlarmForm = {
    draft,
    isNew: name === undefined,
    rules,
    tag,
    unit,
    inherited: check.data ? { guidance: check.data.guidance, origins: check.data.guidance_origins } : null,
    set,
    setLimit: (key, patch) => set({ limits: { ...draft.limits, [key]: { ...draft.limits[key], ...patch } } }),
    error: (path) => errorAt(mistakes, path),
    whole: (path) => {
      const found = mistakes.find((mistake) => mistake.field === path);
      return found && mistakeText(found);
    },
  };
  const overtaken = isRefusal(save.error, "changed");
  return {
    form,
    body: result.body,
    others: leftOver(mistakes.filter((mistake) => mistake.field !== "condition"), pathsOf(draft)),
    problem: save.error && !overtaken && refused.length === 0 ? words(save.error) : null,
    warnings: ready ? (check.data?.warnings ?? []) : [],
    overtaken,
    saving: save.isPending,
    stuck: tried && !ready,
    dirty,
    save: () => {
      setTried(true);
      if (ready && !save.isPending) save.mutate(false);
    },
    overwrite: () => save.mutate(true),
    leave: () => void navigate(name === undefined ? "/alarms" : addressOf(name)),
  };
}
