/** The settings of each chosen alarm, to be changed beside what they are today. */
import { ActionIcon, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Mistake } from "@/api/errors";
import type { Body } from "@/api/tags";
import type { AlarmView } from "@/api/types";
import { errorAt } from "@/ui/mistakes";
import { faultOf, FIELDS, hasField, isChanged, numberOf, PATHS, todayOf, type Draft, type Drafts, type Field } from "./proposal";

interface Props {
  alarms: readonly (readonly [string, Body])[];
  views: readonly AlarmView[];
  drafts: Drafts;
  mistakes: readonly Mistake[];
  onDraft(name: string, draft: Draft): void;
  onRemove(name: string): void;
}

export function ProposalTable({ alarms, views, drafts, mistakes, onDraft, onRemove }: Props) {
  const { t } = useTranslation();
  const symbols = new Map(views.map((view) => [view.name, view.unit_symbol ?? ""]));
  return (
    <ul className="replay-proposals" aria-label={t("replay.settings")}>
      {alarms.map(([name, body]) => {
        const draft = drafts[name] ?? {};
        const own = (body["condition"] as Body | undefined)?.["unit"];
        const unit = typeof own === "string" && own ? own : (symbols.get(name) ?? "");
        return (
          <li key={name} className="replay-proposal" data-changed={isChanged(body, draft)}>
            <div className="replay-proposal-head">
              <b>{name}</b>
              {isChanged(body, draft) && <span className="chip">✎ {t("replay.proposed")}</span>}
              <ActionIcon size="sm" variant="subtle" color="gray" ml="auto" onClick={() => onRemove(name)} aria-label={t("replay.remove", { alarm: name })}>
                ✕
              </ActionIcon>
            </div>
            {FIELDS.filter((field) => hasField(body, field)).map((field) => (
              <Setting
                key={field}
                field={field}
                alarm={name}
                unit={field === "limit" || field === "deadband" ? unit : ""}
                today={todayOf(body, field)}
                typed={draft[field]}
                mistake={errorAt(mistakes.filter((one) => one.subject === `alarm ${name}`), PATHS[field])}
                onType={(text) => onDraft(name, { ...draft, [field]: text })}
              />
            ))}
          </li>
        );
      })}
    </ul>
  );
}

interface SettingProps {
  field: Field;
  alarm: string;
  unit: string;
  today: number;
  typed: string | undefined;
  mistake: string | undefined;
  onType(text: string): void;
}

function Setting({ field, alarm, unit, today, typed, mistake, onType }: SettingProps) {
  const { t } = useTranslation();
  const fault = typed === undefined ? null : faultOf(field, typed);
  const changed = typed !== undefined && numberOf(typed) !== today;
  const label = unit ? `${t(`replay.${field}`)}, ${unit}` : t(`replay.${field}`);
  return (
    <TextInput
      size="xs"
      inputMode="decimal"
      label={label}
      aria-label={t("replay.fieldOf", { field: t(`replay.${field}`), alarm })}
      description={changed ? t("replay.today", { value: today }) : undefined}
      inputWrapperOrder={["label", "input", "description", "error"]}
      value={typed ?? String(today)}
      onChange={(event) => onType(event.currentTarget.value)}
      error={fault ? t(`replay.faults.${fault}`) : mistake}
    />
  );
}
