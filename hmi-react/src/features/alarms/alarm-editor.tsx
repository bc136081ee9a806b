/** The form of one alarm: checked while it is typed, saved as a whole. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { fetchAlarmDefinition } from "@/api/alarms";
import { useFormKeys } from "@/ui/form-keys";
import { mistakeText } from "@/ui/mistakes";
import { Overtaken } from "@/ui/overtaken";
import { Page } from "@/ui/page";
import { Unsaved } from "@/ui/unsaved";
import { ConditionForm } from "./condition-form";
import { BehaviourForm, GuidanceForm, IdentityForm } from "./definition-sections";
import { useAlarmForm, type Begun, type FormState } from "./use-alarm-form";
import "./alarms.css";

interface Props extends Begun {
  title: string;
  reload(): Promise<unknown>;
}

export function AlarmEditor({ title, reload, ...begun }: Props) {
  const { t } = useTranslation();
  const state = useAlarmForm(begun);
  useFormKeys({ save: state.save, leave: state.leave });
  const { form } = state;
  return (
    <Page
      title={title}
      scroll
      tools={
        <>
          <Button size="xs" variant="default" onClick={state.leave}>
            {t("common.cancel")}
          </Button>
          <Button size="xs" onClick={state.save} loading={state.saving} disabled={state.stuck} title="Ctrl-S">
            {t("form.save")}
          </Button>
        </>
      }
    >
      {state.overtaken && begun.name !== undefined && <AlarmOvertaken name={begun.name} state={state} reload={reload} />}
      <Problems state={state} />
      <div className="form">
        <div className="alarm-form-column">
          <IdentityForm form={form} />
          <ConditionForm form={form} />
        </div>
        <div className="alarm-form-column">
          <GuidanceForm form={form} />
          <BehaviourForm form={form} />
        </div>
      </div>
      <Unsaved dirty={state.dirty} />
    </Page>
  );
}

function AlarmOvertaken({ name, state, reload }: { name: string; state: FormState; reload(): Promise<unknown> }) {
  const theirs = useQuery({ queryKey: ["alarm-theirs", name], queryFn: ({ signal }) => fetchAlarmDefinition(name, signal), gcTime: 0 }).data;
  return <Overtaken ours={state.body} theirs={theirs} onReload={() => void reload()} onOverwrite={state.overwrite} />;
}

/** What is wrong, or worth a second thought, beyond the fields. */
function Problems({ state: { problem, others, warnings } }: { state: FormState }) {
  return (
    <>
      {(problem !== null || others.length > 0) && (
        <div className="problem" role="alert">
          <ul className="lines">
            {problem !== null && <li className="form-lines">{problem}</li>}
            {others.map((mistake) => (
              <li key={mistake.field + mistake.message}>
                {mistake.field && <b>{mistake.field}</b>} {mistakeText(mistake)}
              </li>
            ))}
          </ul>
        </div>
      )}
      {warnings.length > 0 && (
        <div className="note" role="status">
          <ul className="lines">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
