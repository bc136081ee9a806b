/** Reads the texts of a form into values, and notes what is wrong before the runtime is asked. */
import { t } from "i18next";
import type { Mistake } from "@/api/errors";
import { aMistake } from "./mistakes";

/** What the runtime takes as a name. */
export const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** The number that was typed, with point or comma; undefined if it is none. */
export function numberTyped(typed: string): number | undefined {
  const text = typed.trim().replace("\u2212", "-").replace(/^(-?\d*),(\d+)$/, "$1.$2");
  const number = Number(text);
  return text === "" || !Number.isFinite(number) ? undefined : number;
}

/** Reads the texts of one form. mistakes: what cannot be understood; missing: what has not been typed yet. */
export class FormReader {
  readonly mistakes: Mistake[] = [];
  readonly missing: Mistake[] = [];

  number(field: string, typed: string): number | undefined {
    const number = numberTyped(typed);
    if (number !== undefined || typed.trim() === "") return number;
    this.mistakes.push(aMistake(field, t("put.number")));
    return undefined;
  }

  whole(field: string, typed: string): number | undefined {
    const number = this.number(field, typed);
    if (number === undefined || Number.isInteger(number)) return number;
    this.mistakes.push(aMistake(field, t("put.whole")));
    return undefined;
  }

  need(field: string): void {
    this.missing.push(aMistake(field, t("form.needed")));
  }

  needed<T>(field: string, value: T | undefined, typed: string): T | undefined {
    if (value === undefined && typed.trim() === "") this.need(field);
    return value;
  }

  deadband(field: string, typed: string): number | string | undefined {
    const text = typed.trim();
    const percent = /^([0-9.,eE+-]+)\s*%$/.exec(text);
    if (!percent) return this.number(field, text);
    const size = this.number(field, percent[1] ?? "");
    return size === undefined ? undefined : `${size} %`;
  }
}
