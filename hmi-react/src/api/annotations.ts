/** What people say of the history: of an instant, or of a span of time, of some tags. */
import { get, post, put, remove, url } from "./client";

export interface NewAnnotation {
  /** POSIX seconds. */
  time: number;
  /** null: of an instant. */
  end: number | null;
  tags: string[];
  text: string;
}

export interface Annotation extends NewAnnotation {
  id: number;
  author: string;
  created: number;
  changed: number | null;
  changed_by: string;
}

export const TEXT_MAX = 1000;

const one = (id: number): string => url(["history", "annotations", String(id)]);

/** Those of any of the tags that touch the span, oldest first; without an end all that follow. */
export const fetchAnnotations = async (tags: readonly string[], start: number, end: number | null, signal?: AbortSignal): Promise<Annotation[]> =>
  (await get<{ items: Annotation[] }>(url(["history", "annotations"], { tags: tags.join(","), start, end }), signal)).items;

export const annotate = (annotation: NewAnnotation): Promise<Annotation> => post<Annotation>(url(["history", "annotations"]), annotation);

export const correctAnnotation = (id: number, annotation: NewAnnotation): Promise<Annotation> => put<Annotation>(one(id), annotation);

export const removeAnnotation = (id: number): Promise<Annotation> => remove<Annotation>(one(id));
