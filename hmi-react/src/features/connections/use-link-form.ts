/** The state of a link's form: what is typed, what is wrong with it, and how it is saved. */
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { isRefusal, mistakesOf, words, type Mistake } from "@/api/errors";
import { checkLink, createLink, replaceLink, type LinkKind } from "@/api/links";
import type { Body } from "@/api/tags";
import { errorAt, leftOver } from "@/ui/mistakes";
import { bodyOf, draftOf, fieldsOf, isSayable, isShown, type Field, type LinkDraft } from "./link-schema";

const CHECK_MS = 400;
const MISSING = "is missing";

export interface Begun {
  /** Undefined for a new link. */
  name: string | undefined;
  body: Body;
  /** Hash of the definition that the form began with. */
  seen: string | null;
  kinds: readonly LinkKind[];
}

interface Typed {
  called: string;
  kind: string;
  draft: LinkDraft;
}

export interface LinkForm {
  typed: Typed;
  described: LinkKind | undefined;
  /** The fields that mean something, as the others stand. */
  shown: readonly Field[];
  /** What the form says. */
  body: Body;
  setCalled(called: string): void;
  setKind(kind: string): void;
  set(patch: LinkDraft): void;
  /** What is wrong with the field, in words. */
  error(field: string): string | undefined;
  /** The mistakes that no field shows. */
  others: readonly Mistake[];
  /** Why it was not saved, if no mistake tells. */
  problem: string | null;
  /** Somebody else changed the link meanwhile. */
  overtaken: boolean;
  saving: boolean;
  /** Asked at the moment of leaving. */
  dirty(): boolean;
  save(): void;
  overwrite(): void;
  leave(): void;
}

const draftFor = (kind: string, body: Body, kinds: readonly LinkKind[]): LinkDraft => {
  const described = kinds.find((one) => one.kind === kind);
  return described ? draftOf(body, fieldsOf(described.schema)) : {};
};

/** What is typed, and the body that it makes. */
function useTyped({ body: begun, kinds }: Begun, onTyped: () => void) {
  const [first] = useState((): Typed => {
    const kind = String(begun["kind"] ?? kinds[0]?.kind ?? "");
    return { called: String(begun["name"] ?? ""), kind, draft: draftFor(kind, begun, kinds) };
  });
  const [typed, setTyped] = useState(first);
  const described = kinds.find((one) => one.kind === typed.kind);
  const fields = useMemo(() => (described ? fieldsOf(described.schema) : []), [described]);
  const body = useMemo(() => bodyOf(typed.called, typed.kind, typed.draft, fields), [typed, fields]);
  const type = (change: (now: Typed) => Typed): void => {
    setTyped(change);
    onTyped();
  };
  return {
    typed,
    described,
    shown: fields.filter((field) => isShown(field, typed.draft)),
    body,
    changed: typed !== first && JSON.stringify(typed) !== JSON.stringify(first),
    setCalled: (called: string) => type((now) => ({ ...now, called })),
    setKind: (kind: string) => type((now) => ({ ...now, kind, draft: draftFor(kind, {}, kinds) })),
    set: (patch: LinkDraft) => type((now) => ({ ...now, draft: { ...now.draft, ...patch } })),
  };
}

/** What the runtime finds wrong with the body while it is typed. What is missing is told only if asked for: an empty form is not wrong yet. */
function useChecked(body: Body, name: string | undefined, missing: boolean): readonly Mistake[] {
  const [checked] = useDebouncedValue(JSON.stringify(body), CHECK_MS);
  const check = useQuery({
    queryKey: ["link-check", name, checked],
    queryFn: async ({ signal }) => {
      const asked = JSON.parse(checked) as Body;
      const mistakes = await checkLink(asked, name, signal);
      return mistakes.map((mistake) => ({ mistake, missing: mistake.message === MISSING || (mistake.field === "name" && asked["name"] === "") }));
    },
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  return (check.data ?? []).filter((one) => missing || !one.missing).map((one) => one.mistake);
}

/** Saves a body as the link, and goes to it. */
function useSaved(name: string | undefined, leave: (to?: string) => void) {
  const queries = useQueryClient();
  const done = useRef(false);
  const save = useMutation({
    mutationFn: ({ body, seen }: { body: Body; seen: string | null }) => (name === undefined ? createLink(body) : replaceLink(name, body, seen)),
    onSuccess: async (link) => {
      done.current = true;
      await Promise.all([queries.invalidateQueries({ queryKey: ["links"] }), queries.invalidateQueries({ queryKey: ["tags"] })]);
      leave(link.name);
    },
  });
  return { save, done };
}

const isFirst = (mistake: Mistake, at: number, all: readonly Mistake[]): boolean => all.findIndex((one) => one.field === mistake.field && one.message === mistake.message) === at;

export function useLinkForm(begun: Begun): LinkForm {
  const { name, seen } = begun;
  const navigate = useNavigate();
  const leave = (to = name): void => void navigate(to === undefined ? "/connections" : `/connections?link=${encodeURIComponent(to)}`);
  const { save, done } = useSaved(name, leave);
  const { changed, ...form } = useTyped(begun, save.reset);
  const { body, shown, typed } = form;
  const [tried, setTried] = useState(false);
  const refused = mistakesOf(save.error);
  const mistakes = [...refused, ...useChecked(body, name, tried)];
  const overtaken = isRefusal(save.error, "changed");
  return {
    ...form,
    error: (field) => errorAt(mistakes, field),
    others: leftOver(mistakes, ["name", "kind", ...shown.map((field) => field.name)]).filter(isFirst),
    problem: save.error && !overtaken && refused.length === 0 ? words(save.error) : null,
    overtaken,
    saving: save.isPending,
    dirty: useCallback(() => changed && !done.current, [changed, done]),
    save: () => {
      setTried(true);
      if (!save.isPending && isSayable(shown, typed.draft)) save.mutate({ body, seen });
    },
    overwrite: () => save.mutate({ body, seen: null }),
    leave: () => leave(),
  };
}
