/** One equipment type: what it makes, its text, and a change of it, planned before it is done. */
import { Button, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { createObject, deleteObject, planType, replaceObject, type ObjectView } from "@/api/configuration";
import { mistakesOf, words } from "@/api/errors";
import type { Body } from "@/api/tags";
import { AskDialog } from "@/ui/ask-dialog";
import { Facts, type Fact } from "@/ui/facts";
import { useFormKeys } from "@/ui/form-keys";
import { mistakeText } from "@/ui/mistakes";
import { PlanTable } from "@/ui/plan-table";
import { Unsaved } from "@/ui/unsaved";
import { useAddress } from "@/ui/use-address";
import { ObjectHead } from "./object-head";
import { listOf, parametersOf, textOf, WORDS } from "./parameters";

const EXAMPLE: Body = {
  name: "pump",
  description: "Pump with feedback",
  parameters: { link: { type: "string" }, base: { type: "integer", description: "First address" } },
  tags: [{ name: "{name}.RUN", type: "bool", source: "{link}/input:{base}", description: "{name} runs" }],
  alarms: [],
  faceplate: [{ tag: "{name}.RUN", label: "Running" }],
};

interface Props {
  type: ObjectView | undefined;
  isNew?: boolean;
  onSaved(name: string | null): void;
}

export function TypeView({ type, isNew = false, onSaved }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const mayEdit = useMay("engineer");
  // In the address, so that leaving the form is asked about while it has changes.
  const [search, setWord] = useAddress();
  const editing = isNew || (mayEdit && search.has("edit"));
  const [deleting, setDeleting] = useState(false);
  if (!isNew && type === undefined) return null;
  const body = type?.body ?? EXAMPLE;
  if (editing) return <TypeEditor key={type?.hash} body={body} seen={type?.hash ?? null} onDone={(name) => (isNew ? onSaved(name) : setWord("edit", null))} />;
  const facts: Fact[] = [
    ...parametersOf(body).map((one): Fact => [one.name, [one.type, one.default === undefined ? "" : t("equipment.default", { value: one.default }), one.description].filter(Boolean).join(", ")]),
    [t("nav.tags"), listOf(body["tags"]).map((tag) => textOf(tag["name"])).join(", ")],
    [t("nav.alarms"), listOf(body["alarms"]).map((alarm) => textOf(alarm["name"])).join(", ")],
    [t("nav.machines"), listOf(body["machines"]).map((machine) => textOf(machine["name"])).join(", ")],
    [t("tags.owner"), type?.owner],
  ];
  return (
    <section className="panel" aria-label={type?.name}>
      <ObjectHead name={type?.name} description={textOf(body["description"])} edited={type?.edited} onEdit={() => setWord("edit", "1")} onDelete={() => setDeleting(true)} />
      <div className="stack">
        <Facts facts={facts} />
      </div>
      <pre className="equipment-template mono">{JSON.stringify(body, null, 2)}</pre>
      {deleting && type && (
        <AskDialog
          title={t("equipment.deleteTitle", { name: type.name })}
          hint={t("equipment.deleteTypeHint")}
          action={t("detail.delete")}
          act={async () => {
            await deleteObject("types", type.name, type.hash);
            await queries.invalidateQueries({ queryKey: ["types"] });
            onSaved(null);
          }}
          onClose={() => setDeleting(false)}
        />
      )}
    </section>
  );
}

/** The text as a definition, or what is wrong with it. */
export function parseBody(text: string): { body: Body } | { mistake: string } {
  try {
    const body = JSON.parse(text) as unknown;
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return { body: body as Body };
    return { mistake: "{ … }" };
  } catch (error) {
    return { mistake: words(error) };
  }
}

interface EditorProps {
  body: Body;
  seen: string | null;
  /** The name of what was saved, or null if it was left. */
  onDone(name: string | null): void;
}

function TypeEditor({ body, seen, onDone }: EditorProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const saved = useRef(false);
  const [first] = useState(() => JSON.stringify(body, null, 2));
  const [text, setText] = useState(first);
  const parsed = parseBody(text);
  const name = "body" in parsed ? textOf(parsed.body["name"]) : "";
  const plan = useMutation({ mutationFn: (next: Body) => planType(textOf(body["name"]), next) });
  const save = useMutation({
    mutationFn: (next: Body) => (seen === null ? createObject("types", next) : replaceObject("types", textOf(body["name"]), next, seen)),
    onSuccess: async () => {
      saved.current = true;
      await Promise.all(["types", "equipment", "tags"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
      onDone(name);
    },
  });
  const act = (): void => {
    if (!("body" in parsed)) return;
    if (seen === null || plan.data) save.mutate(parsed.body);
    else plan.mutate(parsed.body);
  };
  useFormKeys({ save: act, leave: () => onDone(null) });
  const dirty = useCallback(() => text !== first && !saved.current, [text, first]);
  const error = save.error ?? plan.error;
  const mistakes = mistakesOf(error);
  const change = (next: string): void => {
    setText(next);
    plan.reset();
    save.reset();
  };
  return (
    <section className="panel" aria-label={t("equipment.editType", { name })}>
      <header className="panel-head">
        <h2 className="panel-title">{t("equipment.editType", { name })}</h2>
        <Button size="xs" variant="default" ml="auto" onClick={() => onDone(null)}>
          {t("common.cancel")}
        </Button>
        <Button size="xs" onClick={act} loading={plan.isPending || save.isPending} disabled={!("body" in parsed)} title="Ctrl-S">
          {seen === null ? t("form.save") : plan.data ? t("plan.apply") : t("plan.make")}
        </Button>
      </header>
      <div className="stack">
        {error && (
          <div className="problem" role="alert">
            {mistakes.length === 0 ? words(error) : <ul className="lines">{mistakes.map((one) => <li key={one.subject + one.field + one.message}>{[one.subject, one.field].filter(Boolean).join(" · ")} {mistakeText(one)}</li>)}</ul>}
          </div>
        )}
        {plan.data && (
          <div className="equipment-plan">
            <PlanTable lines={plan.data.lines} tools={plan.data.restart.map((line) => <span key={line} className="chip">{line}</span>)} />
          </div>
        )}
        <Textarea classNames={{ input: "mono" }} aria-label={t("equipment.text")} description={t("equipment.textHint")} value={text} onChange={(event) => change(event.currentTarget.value)} error={"mistake" in parsed ? parsed.mistake : undefined} autosize minRows={12} maxRows={28} spellCheck={false} />
      </div>
      <Unsaved dirty={dirty} words={WORDS} />
    </section>
  );
}
