/** The definition that a form has come to, and what is wrong with it before the runtime is asked. */
import { t } from "i18next";
import type { Mistake } from "@/api/errors";
import type { Body } from "@/api/tags";
import { FormReader, NAME } from "@/ui/form-reader";
import { aMistake } from "@/ui/mistakes";
import { isNumeric, OUTPUT_NUMBERS, OUTPUT_TEXTS, RECORDING_FIELDS, type Draft, type EstopInputDraft, type FilterDraft, type OutputDraft, type ScaleDraft } from "./tag-draft";

export interface Result {
  body: Body;
  /** What cannot be understood. */
  mistakes: Mistake[];
  /** What has not been typed yet; said only when it is to be saved. */
  missing: Mistake[];
}

/** Reads the texts of a tag's form. */
class Reader extends FormReader {
  value(field: string, type: Draft["type"], typed: string): unknown {
    if (type === "string") return typed === "" ? undefined : typed;
    if (type === "bool") return typed === "" ? undefined : typed === "true";
    return type === "float" ? this.number(field, typed) : this.whole(field, typed);
  }

  range(low: string, high: string): [number, number] | undefined {
    if (low.trim() === "" && high.trim() === "") return undefined;
    const ends = [this.needed("range", this.number("range", low), low), this.needed("range", this.number("range", high), high)];
    const [from, to] = ends;
    if (from === undefined || to === undefined) return undefined;
    if (from >= to) this.mistakes.push(aMistake("range", t("tagForm.lowBelowHigh")));
    return [from, to];
  }

  scale(scale: ScaleDraft): Body {
    const column = (end: "raw" | "eng"): (number | undefined)[] => scale.points.map((point) => this.needed(`scale.${end}`, this.number(`scale.${end}`, point[end]), point[end]));
    const body: Body = { raw: column("raw"), eng: column("eng") };
    if (scale.curve !== "linear") body["curve"] = scale.curve;
    const limits = [this.number("scale.limits", scale.low), this.number("scale.limits", scale.high)];
    if (limits.some((limit) => limit !== undefined)) {
      if (limits.includes(undefined)) this.need("scale.limits");
      body["limits"] = limits;
    }
    if (scale.clamp) body["clamp"] = true;
    return body;
  }

  filter(filter: FilterDraft, at: number): Body {
    const body: Body = { kind: filter.kind };
    for (const [field, typed] of Object.entries(filter.fields)) {
      const place = `filters.${at}.${field}`;
      const number = field === "samples" ? this.whole(place, typed) : this.number(place, typed);
      // An outlier filter has usual values; the others must be told.
      if (filter.kind !== "outlier") this.needed(place, number, typed);
      if (number !== undefined) body[field] = number;
    }
    return body;
  }

  output(output: OutputDraft, type: Draft["type"]): Body {
    const body: Body = { safe: this.needed("output.safe", this.value("output.safe", type, output.safe), output.safe) };
    for (const field of OUTPUT_NUMBERS) {
      const number = this.number(`output.${field}`, output[field]);
      if (number !== undefined) body[field] = number;
    }
    for (const field of OUTPUT_TEXTS) if (output[field].trim() !== "") body[field] = output[field].trim();
    if (output.continuous) body["continuous"] = true;
    if (!output.estop) body["estop"] = false;
    for (const field of ["restart", "comm_loss"] as const) if (output[field] !== "safe") body[field] = output[field];
    if (output.operate !== "direct") body["operate"] = output.operate;
    for (const field of ["permissives", "interlocks"] as const) {
      const conditions = output[field].filter((one) => one.expression.trim() !== "" || one.text.trim() !== "");
      if (conditions.length > 0) body[field] = conditions.map((one) => ({ expression: one.expression.trim(), ...(one.text.trim() ? { text: one.text.trim() } : {}) }));
    }
    return body;
  }
}

const filled = (body: Body): boolean => Object.keys(body).length > 0;

function identity(draft: Draft, read: Reader): Body {
  const body: Body = { name: draft.name.trim() };
  if (draft.name.trim() === "") read.need("name");
  else if (!NAME.test(draft.name.trim())) read.mistakes.push(aMistake("name", t("tagForm.nameHint")));
  if (draft.type !== "float") body["type"] = draft.type;
  for (const field of ["display_name", "description", "area", "manufacturer", "segment", "write_role"] as const) {
    const typed = draft[field].trim();
    if (typed !== "" && (field !== "write_role" || draft.writable)) body[field] = typed;
  }
  const place = read.number("kilometre_post", draft.kilometre_post);
  if (place !== undefined) body["kilometre_post"] = place;
  const history = recording(draft, read);
  if (history !== true) body["history"] = history;
  const metadata = Object.fromEntries(draft.metadata.filter((pair) => pair.key.trim() !== "").map((pair) => [pair.key.trim(), pair.value]));
  if (filled(metadata)) body["metadata"] = metadata;
  return body;
}

/** What is recorded: true on every change, false nothing, or a table of what is said of it. */
function recording(draft: Draft, read: Reader): Body | boolean {
  if (draft.history === "none") return false;
  const body: Body = draft.history === "change" ? {} : { mode: draft.history };
  for (const field of RECORDING_FIELDS[draft.history]) {
    const typed = draft.recording[field] ?? "";
    const place = `history.${field}`;
    const value = field === "deadband" || field === "deviation" ? read.deadband(place, typed) : read.number(place, typed);
    if (field === "deviation" || field === "interval_s") read.needed(place, value, typed);
    if (value !== undefined) body[field] = value;
  }
  return filled(body) ? body : true;
}

function origin(draft: Draft, read: Reader): Body {
  const body: Body = {};
  if (draft.kind === "derived") {
    if (draft.byFunction) return body;
    if (draft.expression.trim() === "") read.need("expression");
    return { expression: draft.expression.trim() };
  }
  if (draft.kind === "field") {
    body["source"] = draft.source.trim();
    if (draft.source.trim() === "") read.need("source");
    if (draft.scan.trim() !== "" && draft.scan !== "normal") body["scan"] = draft.scan.trim();
    if (draft.output !== null) body["output"] = read.output(draft.output, draft.type);
    if (draft.estop_input !== null && draft.type === "bool") body["estop_input"] = estopInput(draft.estop_input);
  }
  // An output can be written unless it is said otherwise, anything else only if it is said.
  if (draft.writable !== (draft.kind === "field" && draft.output !== null)) body["writable"] = draft.writable;
  if (draft.kind === "soft" && draft.retained) body["retained"] = true;
  const initial = read.value("initial", draft.type, draft.initial);
  if (initial !== undefined) body["initial"] = initial;
  return body;
}

function estopInput(button: EstopInputDraft): Body {
  const body: Body = {};
  if (button.pressed === "true") body["pressed"] = true;
  if (button.zone.trim() !== "") body["zone"] = button.zone.trim();
  if (button.on_loss !== "trip") body["on_loss"] = button.on_loss;
  return body;
}

function numbers(draft: Draft, read: Reader): Body {
  const body: Body = {};
  if (!isNumeric(draft)) return body;
  if (draft.unit !== "") body["unit"] = draft.unit;
  if (draft.display_unit !== "" && draft.display_unit !== draft.unit) body["display_unit"] = draft.display_unit;
  if (draft.type === "int" && draft.width !== "") body["width"] = draft.width;
  const range = read.range(draft.low, draft.high);
  if (range !== undefined) body["range"] = range;
  const precision = read.whole("precision", draft.precision);
  if (precision !== undefined && precision !== 2) body["precision"] = precision;
  for (const field of ["deadband", "history_deadband"] as const) {
    const band = read.deadband(field, draft[field]);
    if (band !== undefined && !(field === "deadband" && band === 0)) body[field] = band;
  }
  if (draft.kind === "field" && draft.scale !== null) body["scale"] = read.scale(draft.scale);
  if (draft.kind === "field" && draft.filters.length > 0) body["filters"] = draft.filters.map((filter, at) => read.filter(filter, at));
  return body;
}

function checks(draft: Draft, read: Reader): Body {
  const body: Body = {};
  for (const [field, typed] of Object.entries(draft.checks)) {
    if (field === "max_rate" && !isNumeric(draft)) continue;
    const value = field === "agrees_with" ? typed.trim() || undefined : read.number(`checks.${field}`, typed);
    if (value !== undefined && !(field === "for_s" && value === 0)) body[field] = value;
  }
  return filled(body) ? { checks: body } : {};
}

function states(draft: Draft, read: Reader): Body {
  if (draft.type !== "enum") return {};
  const rows = draft.states.filter((row) => row.key.trim() !== "" || row.value.trim() !== "");
  if (rows.length === 0) read.need("states");
  for (const row of rows) {
    read.needed("states", read.whole("states", row.key), row.key);
    if (row.value.trim() === "") read.need("states");
  }
  const numbers = rows.map((row) => String(Number(row.key)));
  if (new Set(numbers).size < numbers.length) read.mistakes.push(aMistake("states", t("tagForm.twice")));
  return { states: Object.fromEntries(rows.map((row, at) => [numbers[at], row.value.trim()])) };
}

/** The definition: only what differs from the usual, and only what a tag of this type and kind has. */
export function bodyOf(draft: Draft): Result {
  const read = new Reader();
  const body = { ...draft.rest, ...identity(draft, read), ...origin(draft, read), ...numbers(draft, read), ...states(draft, read), ...checks(draft, read) };
  return { body, mistakes: read.mistakes, missing: read.missing };
}
