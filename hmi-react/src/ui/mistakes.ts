/** Where in a form each mistake belongs. */
import type { Mistake } from "@/api/errors";

const within = (field: string, path: string): boolean => field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[`);

/** The mistake in words, with what was probably meant. */
export const mistakeText = (mistake: Mistake): string => (mistake.suggestion ? `${mistake.message} (${mistake.suggestion}?)` : mistake.message);

/** What is wrong with a field or with anything inside it; undefined if nothing is. */
export function errorAt(mistakes: readonly Mistake[], path: string): string | undefined {
  const found = mistakes.find((mistake) => within(mistake.field, path));
  return found && mistakeText(found);
}

/** The mistakes that no field of the form shows. */
export function leftOver(mistakes: readonly Mistake[], paths: readonly string[]): Mistake[] {
  return mistakes.filter((mistake) => !paths.some((path) => within(mistake.field, path)));
}

export const aMistake = (field: string, message: string): Mistake => ({ subject: "", field, message, place: "", suggestion: "" });
