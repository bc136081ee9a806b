/** The form of one link: made from the schema of its kind, checked while it is typed, tried, saved as a whole. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { isRefusal, mistakesOf, words } from "@/api/errors";
import { checkLink, createLink, replaceLink, type LinkKind } from "@/api/links";
import type { Body } from "@/api/tags";
import { useFormKeys } from "@/ui/form-keys";
import { errorAt, leftOver, mistakeText } from "@/ui/mistakes";
import { Page } from "@/ui/page";
import { Unsaved } from "@/ui/unsaved";
import { LinkDiscover } from "./link-discover";
import { LinkField } from "./link-field";
import { bodyOf, draftOf, fieldsOf, isShown, type Field, type LinkDraft, type Typed } from "./link-schema";
import { LinkTrial } from "./link-trial";
import "./connections.css";

interface Props {
  title: string;
  /** Undefined for a new link. */
  name: string | undefined;
  body: Body;
  /** Hash of the definition that the form began with. */
  seen: string | null;
  kinds: readonly LinkKind[];
  reload(): Promise<unknown>;
}

const CHECK_MS = 400;

export function LinkEditor({ title, name, body, seen, kinds, reload }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [kind, setKind] = useState(() => String(body["kind"] ?? kinds[0]?.kind ?? ""));
  const described = kinds.find((one) => one.kind === kind);
  const fields = useMemo(() => (described ? fieldsOf(described.schema) : []), [described]);
  const first = useMemo(() => draftOf(body, fields), [body, fields]);
  const [called, setCalled] = useState(String(body["name"] ?? ""));
  const [draft, setDraft] = useState<LinkDraft>(first);
  const [tried, setTried] = useState(false);
  const [discovering, setDiscovering] = useState(false);
  const saved = useRef(false);
  const wanted = useMemo(() => bodyOf(called, kind, draft, fields), [called, kind, draft, fields]);
  const [checked] = useDebouncedValue(JSON.stringify(wanted), CHECK_MS);
  const check = useQuery({
    queryKey: ["link-check", name, checked],
    queryFn: ({ signal }) => checkLink(JSON.parse(checked) as Body, name, signal),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  const leave = (to = name): void => void navigate(to === undefined ? "/connections" : `/connections?link=${encodeURIComponent(to)}`);
  const save = useMutation({
    mutationFn: (over: boolean) => (name === undefined ? createLink(wanted) : replaceLink(name, wanted, over ? null : seen)),
    onSuccess: async (link) => {
      saved.current = true;
      await Promise.all([queries.invalidateQueries({ queryKey: ["links"] }), queries.invalidateQueries({ queryKey: ["tags"] })]);
      leave(link.name);
    },
  });
  const changed = JSON.stringify([called, kind, draft]) !== JSON.stringify([String(body["name"] ?? ""), String(body["kind"] ?? kind), first]);
  const dirty = useCallback(() => changed && !saved.current, [changed]);
  const trySave = (): void => {
    setTried(true);
    if (!save.isPending) save.mutate(false);
  };
  useFormKeys({ save: trySave, leave: () => leave() });
  // What is missing is told once somebody has tried to save: an empty form is not wrong yet.
  const told = (check.data ?? []).filter((mistake) => tried || changed || mistake.message !== "is missing");
  const mistakes = [...mistakesOf(save.error), ...told];
  const set = (patch: LinkDraft): void => {
    setDraft((now) => ({ ...now, ...patch }));
    save.reset();
  };
  const overtaken = isRefusal(save.error, "changed");
  const shown = fields.filter((field) => isShown(field, draft));
  const others = leftOver(mistakes, ["name", "kind", ...shown.map((field) => field.name)]).filter((mistake, i, all) => all.findIndex((one) => one.message === mistake.message) === i);
  const problem = save.error && !overtaken && mistakesOf(save.error).length === 0 ? words(save.error) : null;
  return (
    <Page
      title={title}
      scroll
      tools={
        <>
          <Button size="xs" variant="default" onClick={() => leave()}>
            {t("common.cancel")}
          </Button>
          <Button size="xs" onClick={trySave} loading={save.isPending} title="Ctrl-S">
            {t("form.save")}
          </Button>
        </>
      }
    >
      {overtaken && <Overtaken onReload={() => void reload()} onOverwrite={() => save.mutate(true)} />}
      {(problem !== null || others.length > 0) && (
        <div className="problem" role="alert">
          <ul className="lines">
            {problem !== null && <li style={{ whiteSpace: "pre-line" }}>{problem}</li>}
            {others.map((mistake) => (
              <li key={mistake.subject + mistake.field + mistake.message}>
                {mistake.field && <b>{mistake.field}</b>} {mistakeText(mistake)}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="link-form">
        <section className="panel" aria-label={t("linkForm.device")}>
          <header className="panel-head">
            <h2 className="panel-title">{t("linkForm.device")}</h2>
            {described?.discover && (
              <Button size="xs" variant="default" ml="auto" onClick={() => setDiscovering(true)}>
                {t("linkDiscover.title")}
              </Button>
            )}
          </header>
          <div className="link-fields">
            <TextInput
              size="xs"
              label={t("links.name")}
              description={t("linkForm.nameHint")}
              value={called}
              onChange={(event) => {
                setCalled(event.currentTarget.value);
                save.reset();
              }}
              disabled={name !== undefined}
              error={errorAt(tried || called ? mistakes : [], "name")}
              maxLength={128}
              autoFocus={name === undefined}
              autoComplete="off"
            />
            <NativeSelect
              size="xs"
              label={t("links.kind")}
              description={described?.description}
              value={kind}
              onChange={(event) => {
                const next = kinds.find((one) => one.kind === event.currentTarget.value);
                setKind(event.currentTarget.value);
                setDraft(next ? draftOf({}, fieldsOf(next.schema)) : {});
                save.reset();
              }}
              data={kinds.map((one) => ({ value: one.kind, label: one.title }))}
              disabled={name !== undefined}
              error={errorAt(mistakes, "kind")}
            />
            <Fields fields={shown.filter((field) => !field.advanced)} draft={draft} error={(field) => errorAt(mistakes, field)} onSet={set} />
          </div>
          {shown.some((field) => field.advanced) && (
            <details className="link-more" open={shown.some((field) => field.advanced && errorAt(mistakes, field.name) !== undefined) || undefined}>
              <summary>{t("linkForm.more")}</summary>
              <div className="link-fields">
                <Fields fields={shown.filter((field) => field.advanced)} draft={draft} error={(field) => errorAt(mistakes, field)} onSet={set} />
              </div>
            </details>
          )}
        </section>
        {described?.connects !== false && (
          <section className="panel" aria-label={t("linkTrial.title")}>
            <header className="panel-head">
              <h2 className="panel-title">{t("linkTrial.title")}</h2>
            </header>
            <div className="stack">
              <LinkTrial key={kind} body={() => wanted} disabled={called.trim() === ""} />
            </div>
          </section>
        )}
      </div>
      {discovering && <LinkDiscover kind={kind} url={String(draft["url"] ?? "")} onChosen={set} onClose={() => setDiscovering(false)} />}
      <Unsaved dirty={dirty} />
    </Page>
  );
}

interface FieldsProps {
  fields: readonly Field[];
  draft: LinkDraft;
  error(field: string): string | undefined;
  onSet(patch: LinkDraft): void;
}

function Fields({ fields, draft, error, onSet }: FieldsProps) {
  return fields.map((field) => <LinkField key={field.name} field={field} value={draft[field.name] ?? ""} error={error(field.name)} onChange={(value: Typed) => onSet({ [field.name]: value })} />);
}

/** Somebody else changed the link while it was being edited. */
function Overtaken({ onReload, onOverwrite }: { onReload(): void; onOverwrite(): void }) {
  const { t } = useTranslation();
  return (
    <div className="note" role="alert">
      <strong>{t("linkForm.overtaken")}</strong>
      <span className="link-row">
        <Button size="xs" onClick={onReload}>
          {t("tagForm.takeTheirs")}
        </Button>
        <Button size="xs" variant="default" onClick={onOverwrite}>
          {t("tagForm.keepMine")}
        </Button>
      </span>
    </div>
  );
}
