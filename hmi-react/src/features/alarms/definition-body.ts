/** The definition that a form has come to, and what is wrong with it before the runtime is asked. */
import { t } from "i18next";
import type { Mistake } from "@/api/errors";
import type { Body } from "@/api/tags";
import type { TagView } from "@/api/types";
import { FormReader, NAME } from "@/ui/form-reader";
import { aMistake } from "@/ui/mistakes";
import { conditionOf } from "./condition-body";
import { watchesAlarms, type DefinitionDraft, type DefinitionTexts } from "./definition-draft";
import type { Rules } from "./definition-schema";

export interface Result {
  body: Body;
  /** What cannot be understood, or contradicts itself. */
  mistakes: Mistake[];
  /** What has not been typed yet; said only when it is to be saved. */
  missing: Mistake[];
}

/** Reads the form by the runtime's rules. */
export class DefinitionReader extends FormReader {
  constructor(
    readonly rules: Rules,
    readonly tag: TagView | undefined,
  ) {
    super();
  }

  wrong(field: string, message: string): void {
    this.mistakes.push(aMistake(field, message));
  }

  /** A number within what the schema says; rule: where that says it, if not under the field's own name. */
  within(field: string, typed: string, rule = field, whole = false): number | undefined {
    const number = whole ? this.whole(field, typed) : this.number(field, typed);
    const { least, most } = this.rules.span(rule);
    if (number === undefined || (number >= (least ?? number) && number <= (most ?? number))) return number;
    this.wrong(field, most === undefined ? t("alarmForm.atLeast", { least: least ?? 0 }) : t("alarmForm.between", { least: least ?? 0, most }));
    return undefined;
  }

  above(field: string, typed: string, rule = field): number | undefined {
    const number = this.within(field, typed, rule);
    if (number === undefined || number > 0) return number;
    this.wrong(field, t("alarmForm.aboveZero"));
    return undefined;
  }
}

const DELAYS = ["on_delay_s", "off_delay_s", "realarm_s", "response_s"] as const;
const WORDS = ["description", "area", "alarm_class", "enabled_when", "first_out", "consequence", "cause", "action", "display"] as const;
const CHOICES = { ack_mode: "required", on_bad: "hold" } as const;
const SWITCHES = { latching: false, restore_ack: false, reack_on_escalation: true, enabled: true } as const;

function identity(draft: DefinitionDraft, read: DefinitionReader): Body {
  const body: Body = { name: draft.name.trim() };
  if (draft.name.trim() === "") read.need("name");
  else if (!NAME.test(draft.name.trim())) read.wrong("name", t("tagForm.nameHint"));
  if (watchesAlarms(draft.kind)) return body;
  if (draft.tag.trim() === "") read.need("tag");
  return { ...body, tag: draft.tag.trim() };
}

function behaviour(draft: DefinitionDraft, read: DefinitionReader): Body {
  const body: Body = {};
  if (draft.priority !== "3") body["priority"] = Number(draft.priority);
  for (const field of DELAYS) {
    const seconds = read.within(field, draft[field]);
    if (seconds !== undefined && seconds !== 0) body[field] = seconds;
  }
  for (const [field, usual] of Object.entries(CHOICES)) if (draft[field as keyof typeof CHOICES] !== usual) body[field] = draft[field as keyof typeof CHOICES];
  for (const [field, usual] of Object.entries(SWITCHES)) if (draft[field as keyof typeof SWITCHES] !== usual) body[field] = draft[field as keyof typeof SWITCHES];
  if (draft.supersedes.length > 0) body["supersedes"] = [...draft.supersedes];
  return body;
}

function words(draft: DefinitionTexts): Body {
  return Object.fromEntries(WORDS.map((field) => [field, draft[field].trim()]).filter(([, typed]) => typed !== ""));
}

/** The definition: only what differs from the usual. tag: the one that is watched, once it is known. */
export function bodyOf(draft: DefinitionDraft, rules: Rules, tag?: TagView): Result {
  const read = new DefinitionReader(rules, tag);
  const body = { ...draft.rest, ...identity(draft, read), condition: conditionOf(draft, read), ...behaviour(draft, read), ...words(draft) };
  return { body, mistakes: read.mistakes, missing: read.missing };
}
