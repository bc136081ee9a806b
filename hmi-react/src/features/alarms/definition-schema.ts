/** What the runtime's schema of alarms says: kinds and fields that it knows, and their limits. */
import type { Schema } from "@/api/configuration";
import { isPart, type Part } from "@/ui/body-words";
import { KINDS, type Kind } from "./definition-draft";

export interface Rules {
  kinds: readonly Kind[];
  /** Whether a definition may have the field; within its condition with the kind before it, such as "levels.high.limit_tag". */
  knows(path: string): boolean;
  /** The most characters of a text; undefined if it is not said. */
  most(path: string): number | undefined;
  /** Whether the field may also be a share, such as "2 %". */
  takesShare(path: string): boolean;
  /** What a number must not leave; undefined where there is no limit. */
  span(path: string): { least: number | undefined; most: number | undefined };
}

const partOf = (value: unknown): Part | undefined => (isPart(value) ? value : undefined);
const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** What a field may be, if there are several things. */
function alternatives(given: Part | undefined): Part[] {
  const several = given?.["anyOf"];
  return Array.isArray(several) ? several.filter(isPart) : [];
}

/** The description behind a reference; of several alternatives the first that is no null. */
function resolved(schema: Schema, given: Part | undefined): Part | undefined {
  const reference = given?.["$ref"];
  if (typeof reference === "string") {
    const name = reference.replace("#/$defs/", "");
    return partOf(partOf(schema["$defs"])?.[name]);
  }
  const one = alternatives(given).find((part) => part["type"] !== "null");
  return one === undefined ? given : { ...given, ...resolved(schema, one) };
}

function kindsIn(schema: Schema): Part {
  const condition = partOf(partOf(schema["properties"])?.["condition"]);
  return partOf(partOf(condition?.["discriminator"])?.["mapping"]) ?? {};
}

function find(schema: Schema, path: string): Part | undefined {
  const kinds = kindsIn(schema);
  const [first = "", ...rest] = path.split(".");
  const start = first in kinds ? resolved(schema, { $ref: kinds[first] }) : resolved(schema, partOf(partOf(schema["properties"])?.[first]));
  return rest.reduce((part, field) => resolved(schema, partOf(partOf(part?.["properties"])?.[field])), start);
}

export function rulesOf(schema: Schema): Rules {
  const kinds = kindsIn(schema);
  return {
    kinds: KINDS.filter((kind) => kind in kinds),
    knows: (path) => find(schema, path) !== undefined,
    most: (path) => numberOf(find(schema, path)?.["maxLength"]),
    takesShare: (path) => String(partOf(alternatives(find(schema, path)).find((one) => one["type"] === "string"))?.["pattern"] ?? "").includes("%"),
    span: (path) => {
      const found = find(schema, path);
      return { least: numberOf(found?.["minimum"]), most: numberOf(found?.["maximum"]) };
    },
  };
}
