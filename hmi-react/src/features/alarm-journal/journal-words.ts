/** Human words for what the journal keeps of an alarm. */
import type { TFunction } from "i18next";
import type { JournalRow, Occurrence } from "@/api/alarm-history";
import { formatDuration, formatUnit, formatValue } from "@/ui/format";
import { isEvent } from "./journal-filter";

const CONDITIONS = ["high", "low", "bool", "discrete", "bad_quality", "comms"] as const;
const isCondition = (name: string): name is (typeof CONDITIONS)[number] => (CONDITIONS as readonly string[]).includes(name);

const STATES = ["NORM", "UNACK", "ACKED", "RTNUN", "LUNACK", "LACK", "SHLVD", "DSUPR", "OOSRV"] as const;
const isState = (name: string): name is (typeof STATES)[number] => (STATES as readonly string[]).includes(name);

/** A word that this HMI does not know is shown as the runtime tells it. */
export const eventWord = (t: TFunction, event: string): string => (isEvent(event) ? t(`journal.events.${event}`) : event.replaceAll("_", " "));

export const stateWord = (t: TFunction, state: string | null): string => (state === null ? "" : isState(state) ? t(`alarm.state.${state}`) : state.toLowerCase());

const figure = (value: number): string => String(Number(value.toPrecision(6)));

export function measured(value: JournalRow["value"], unit: string | null): string {
  if (value === null) return "";
  return typeof value === "number" ? [figure(value), formatUnit(unit ?? "")].filter(Boolean).join(" ") : formatValue(value);
}

export function conditionWord(t: TFunction, row: Pick<JournalRow, "condition" | "limit" | "unit">): string {
  if (row.condition === null) return "";
  const name = isCondition(row.condition) ? t(`alarm.conditions.${row.condition}`) : row.condition.replaceAll("_", " ");
  return row.limit === null ? name : `${name} ${measured(row.limit, row.unit)}`;
}

export const durationWord = (seconds: number | null): string => (seconds === null ? "" : seconds < 10 ? `${figure(Math.round(seconds * 10) / 10)} s` : formatDuration(seconds));

export function announcedWord(t: TFunction, row: Pick<JournalRow, "annunciated" | "suppressed"> & { event?: string }): string {
  // What people did is never announced; there is nothing to tell then.
  if (!row.annunciated && row.event !== undefined && row.event !== "raised") return "";
  if (row.suppressed) return t("journal.announced.silent");
  return row.annunciated === null ? "" : t(row.annunciated ? "journal.announced.yes" : "journal.announced.no");
}

export function acknowledgedWord(t: TFunction, row: Pick<Occurrence, "acknowledged" | "ack_by" | "time_to_ack_s">): string {
  if (row.acknowledged === null) return t("journal.notAcknowledged");
  return t("journal.ackTold", { by: row.ack_by ?? "", time: durationWord(row.time_to_ack_s) });
}
