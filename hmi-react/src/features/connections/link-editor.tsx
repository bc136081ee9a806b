/** The form of one link: made from the schema of its kind, checked while it is typed, tried, saved as a whole. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { LinkKind } from "@/api/links";
import { useFormKeys } from "@/ui/form-keys";
import { mistakeText } from "@/ui/mistakes";
import { Page } from "@/ui/page";
import { Unsaved } from "@/ui/unsaved";
import { LinkDiscover } from "./link-discover";
import { LinkField } from "./link-field";
import { LinkTrial } from "./link-trial";
import { LinkOvertaken } from "./overtaken";
import { useLinkForm, type Begun, type LinkForm } from "./use-link-form";
import "./connections.css";

interface Props extends Begun {
  title: string;
  reload(): Promise<unknown>;
}

export function LinkEditor({ title, reload, ...begun }: Props) {
  const { t } = useTranslation();
  const form = useLinkForm(begun);
  useFormKeys({ save: form.save, leave: form.leave });
  const { name, kinds } = begun;
  return (
    <Page
      title={title}
      scroll
      tools={
        <>
          <Button size="xs" variant="default" onClick={form.leave}>
            {t("common.cancel")}
          </Button>
          <Button size="xs" onClick={form.save} loading={form.saving} title="Ctrl-S">
            {t("form.save")}
          </Button>
        </>
      }
    >
      {form.overtaken && name !== undefined && <LinkOvertaken name={name} ours={form.body} onReload={() => void reload()} onOverwrite={form.overwrite} />}
      <Problems form={form} />
      <div className="link-form">
        <Device form={form} kinds={kinds} isNew={name === undefined} />
        {form.described?.connects !== false && (
          <section className="panel" aria-label={t("linkTrial.title")}>
            <header className="panel-head">
              <h2 className="panel-title">{t("linkTrial.title")}</h2>
            </header>
            <div className="stack">
              <LinkTrial key={form.typed.kind} body={form.body} disabled={form.typed.called.trim() === ""} />
            </div>
          </section>
        )}
      </div>
      <Unsaved dirty={form.dirty} />
    </Page>
  );
}

/** What is wrong beyond the fields. */
function Problems({ form: { problem, others } }: { form: LinkForm }) {
  if (problem === null && others.length === 0) return null;
  return (
    <div className="problem" role="alert">
      <ul className="lines">
        {problem !== null && <li style={{ whiteSpace: "pre-line" }}>{problem}</li>}
        {others.map((mistake) => (
          <li key={mistake.field + mistake.message}>
            {mistake.field && <b>{mistake.field}</b>} {mistakeText(mistake)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Name, kind, and the fields of the kind. */
function Device({ form, kinds, isNew }: { form: LinkForm; kinds: readonly LinkKind[]; isNew: boolean }) {
  const { t } = useTranslation();
  const [discovering, setDiscovering] = useState(false);
  const { typed, described } = form;
  const url = typed.draft["url"];
  return (
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
        <TextInput size="xs" label={t("links.name")} description={t("linkForm.nameHint")} value={typed.called} onChange={(event) => form.setCalled(event.currentTarget.value)} disabled={!isNew} error={form.error("name")} maxLength={128} autoFocus={isNew} autoComplete="off" />
        <NativeSelect
          size="xs"
          label={t("links.kind")}
          description={described?.description}
          value={typed.kind}
          onChange={(event) => form.setKind(event.currentTarget.value)}
          data={kinds.map((one) => ({ value: one.kind, label: one.title }))}
          disabled={!isNew}
          error={form.error("kind")}
        />
        <Fields form={form} advanced={false} />
      </div>
      <More key={typed.kind} form={form} />
      {discovering && <LinkDiscover kind={typed.kind} url={typeof url === "string" ? url : ""} policies={form.shown.find((field) => field.name === "policy")?.choices ?? []} onChosen={form.set} onClose={() => setDiscovering(false)} />}
    </section>
  );
}

/** The fields that are rarely changed; it stays open once something in it was wrong, so that it can be mended. */
function More({ form }: { form: LinkForm }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const fields = form.shown.filter((field) => field.advanced);
  if (!open && fields.some((field) => form.error(field.name) !== undefined)) setOpen(true);
  if (fields.length === 0) return null;
  return (
    <details className="link-more" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("linkForm.more")}</summary>
      <div className="link-fields">
        <Fields form={form} advanced />
      </div>
    </details>
  );
}

function Fields({ form, advanced }: { form: LinkForm; advanced: boolean }) {
  return form.shown
    .filter((field) => field.advanced === advanced)
    .map((field) => <LinkField key={field.name} field={field} value={form.typed.draft[field.name] ?? ""} error={form.error(field.name)} onChange={(value) => form.set({ [field.name]: value })} />);
}
