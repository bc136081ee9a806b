/** The parameters of an equipment as a form holds them, and as its definition tells them. */
import type { Body } from "@/api/tags";

/** Words of the address that choose what the page shows. */
export const WORDS = ["equipment", "type", "new", "edit"] as const;

export type ParameterType = "string" | "number" | "integer" | "bool";

export interface Parameter {
  name: string;
  type: ParameterType;
  description: string;
  /** Undefined if a value must be given. */
  default: string | undefined;
}

type Part = Record<string, unknown>;
export const partOf = (value: unknown): Part => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Part) : {});
export const listOf = (value: unknown): Part[] => (Array.isArray(value) ? value.map(partOf) : []);
export const textOf = (value: unknown): string => (value === undefined || value === null ? "" : String(value));

/** The parameters that a type asks for. */
export function parametersOf(type: Body | undefined): Parameter[] {
  return Object.entries(partOf(type?.["parameters"])).map(([name, described]) => {
    const part = partOf(described);
    return {
      name,
      type: (textOf(part["type"]) || "string") as ParameterType,
      description: textOf(part["description"]),
      default: part["default"] === undefined ? undefined : textOf(part["default"]),
    };
  });
}

/** What was typed for one parameter: its value, nothing for the default, or what is wrong. */
export function parameterValue(parameter: Parameter, typed: string): { value?: unknown; mistake?: "needed" | "number" | "whole" } {
  if (typed === "") return parameter.default === undefined ? { mistake: "needed" } : {};
  if (parameter.type === "string") return { value: typed };
  if (parameter.type === "bool") return { value: typed === "true" };
  const number = Number(typed.trim().replace(/^(-?\d*),(\d+)$/, "$1.$2"));
  if (typed.trim() === "" || !Number.isFinite(number)) return { mistake: "number" };
  return parameter.type === "integer" && !Number.isInteger(number) ? { mistake: "whole" } : { value: number };
}

export interface EquipmentDraft {
  name: string;
  type: string;
  area: string;
  description: string;
  parameters: Record<string, string>;
}

export function draftOf(body: Body): EquipmentDraft {
  const given = Object.entries(partOf(body["parameters"])).map(([name, value]) => [name, textOf(value)] as const);
  return { name: textOf(body["name"]), type: textOf(body["type"]), area: textOf(body["area"]), description: textOf(body["description"]), parameters: Object.fromEntries(given) };
}

/** The definition of the equipment; parameters that its type does not have are left out. */
export function bodyOf(draft: EquipmentDraft, parameters: readonly Parameter[]): Body {
  const body: Body = { name: draft.name.trim(), type: draft.type };
  if (draft.area.trim()) body["area"] = draft.area.trim();
  if (draft.description.trim()) body["description"] = draft.description.trim();
  const values: Part = {};
  for (const parameter of parameters) {
    const { value } = parameterValue(parameter, draft.parameters[parameter.name] ?? "");
    if (value !== undefined) values[parameter.name] = value;
  }
  if (Object.keys(values).length > 0) body["parameters"] = values;
  return body;
}
