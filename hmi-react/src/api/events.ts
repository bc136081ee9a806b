/** The event log: what happened, with class and rank, and what people say of it. */
import { get, getFile, post, url } from "./client";
import type { HistoryPage } from "./alarm-history";

export const CLASSES = ["alarm", "tag", "output", "machine", "safety", "user", "configuration", "notification", "note", "system"] as const;
export type EventClass = (typeof CLASSES)[number];

export const CRITICALITIES = ["low", "medium", "high", "critical"] as const;
export type Criticality = (typeof CRITICALITIES)[number];

export interface EventFilter {
  /** POSIX seconds. */
  start?: number | undefined;
  end?: number | undefined;
  /** Several with commas between. */
  class?: string;
  /** This urgent or more; 1 is the most urgent. */
  priority?: string;
  /** This grave or more. */
  criticality?: string;
  /** Its beginning. */
  kind?: string;
  subject?: string;
  actor?: string;
  tag?: string;
  /** With all that lies below it. */
  area?: string;
  text?: string;
}

export interface EventRow {
  seq: number;
  time: number;
  kind: string;
  class: EventClass;
  priority: number;
  criticality: Criticality;
  subject: string;
  message: string;
  actor: string;
  origin: string;
  tag: string;
  area: string;
  comments: number;
  details: Record<string, unknown>;
}

export interface EventRemark {
  seq: number;
  time: number;
  author: string;
  comment: string;
}

export interface OneEvent extends EventRow {
  remarks: EventRemark[];
}

const LIMIT = 200;

export const fetchEvents = (filter: EventFilter, before: number | null, signal?: AbortSignal): Promise<HistoryPage<EventRow>> =>
  get<HistoryPage<EventRow>>(url(["events"], { ...filter, limit: LIMIT, before }), signal);

export const fetchEvent = (seq: number, signal?: AbortSignal): Promise<OneEvent> => get<OneEvent>(url(["events", String(seq)]), signal);

export const commentEvent = (seq: number, comment: string): Promise<OneEvent> => post<OneEvent>(url(["events", String(seq), "comments"]), { comment });

export const exportEvents = (filter: EventFilter): Promise<Blob> => getFile(url(["events", "export"], { ...filter }));
