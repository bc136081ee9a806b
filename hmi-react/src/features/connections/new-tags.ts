/** What a variable of a server becomes as a tag: a name that fits, a type, a range. */
import type { Mistake } from "@/api/errors";
import type { Variable } from "@/api/links";
import type { Body } from "@/api/tags";

export type NewType = "float" | "int" | "bool" | "string";

export interface NewTag {
  address: string;
  name: string;
  type: NewType;
  description: string;
  range: [number, number] | null;
  writable: boolean;
}

export const BLANK: NewTag = { address: "", name: "", type: "float", description: "", range: null, writable: false };
export const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const NAME_MAX = 128;

/** The type of the tag, null if none can hold the variable. */
export function typeOf(variable: Pick<Variable, "type" | "array">): NewType | null {
  if (variable.array || variable.type === "") return null;
  if (variable.type === "Boolean") return "bool";
  if (/^U?Int\d+$|^S?Byte$/.test(variable.type)) return "int";
  if (variable.type === "Float" || variable.type === "Double") return "float";
  return "string";
}

/** A name of a tag from a path such as "Tank 1/Level". */
export function proposedName(path: string, prefix: string): string {
  const words = path
    .split("/")
    .map((word) => word.trim().replace(/[^A-Za-z0-9_.-]+/g, "_"))
    .filter(Boolean)
    .join(".");
  const name = `${prefix}${words}`.slice(0, NAME_MAX);
  return /^[A-Za-z0-9_]/.test(name) ? name : `_${name}`.slice(0, NAME_MAX);
}

/** The new tags, each of another name. */
export function newTagsOf(variables: readonly Variable[], prefix: string): NewTag[] {
  const taken = new Set<string>();
  return variables.flatMap((variable) => {
    const type = typeOf(variable);
    if (type === null) return [];
    const first = proposedName(variable.path, prefix);
    let name = first;
    for (let count = 2; taken.has(name); count += 1) name = `${first.slice(0, NAME_MAX - 5)}_${count}`;
    taken.add(name);
    return [{ address: variable.address, name, type, description: variable.description, range: type === "float" || type === "int" ? variable.range : null, writable: variable.writable }];
  });
}

export interface Common {
  link: string;
  scan: string;
  area: string;
}

/** The definition of the tag; only a person says that it may be written. */
export function bodyOfTag(tag: NewTag, { link, scan, area }: Common): Body {
  const body: Body = { name: tag.name.trim(), type: tag.type, source: `${link}/${tag.address.trim()}`, scan };
  if (tag.description) body["description"] = tag.description.replace(/\s+/g, " ").slice(0, 500);
  if (tag.range) body["range"] = tag.range;
  if (area.trim()) body["area"] = area.trim();
  return body;
}

/** What is wrong with a row. own: a name that no tag may have, or one that another row has; told: what the runtime found. */
export interface RowProblem {
  own: "name" | "twice" | null;
  told: readonly Mistake[];
}

/** What is wrong with each row; nothing is with one that is not filled in yet. */
export function rowProblems(tags: readonly NewTag[], mistakes: readonly Mistake[]): RowProblem[] {
  const taken = new Set<string>();
  const bySubject = new Map<string, Mistake[]>();
  for (const mistake of mistakes) bySubject.set(mistake.subject, [...(bySubject.get(mistake.subject) ?? []), mistake]);
  return tags.map((tag) => {
    const name = tag.name.trim();
    const own = name === "" ? null : !NAME.test(name) ? "name" : taken.has(name) ? "twice" : null;
    taken.add(name);
    return { own, told: bySubject.get(`tag ${name}`) ?? [] };
  });
}
