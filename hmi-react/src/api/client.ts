/** Calls to the runtime: JSON in, JSON out, every failure a typed error. */
import { ApiError, NoAnswerError, type Mistake } from "./errors";
import { session } from "./session";

interface CallOptions {
  method?: string;
  /** Sent as JSON; a Blob is sent as it is, with its own type. */
  body?: unknown;
  timeoutMs?: number;
  signal?: AbortSignal;
}

const TIMEOUT_MS = 15_000;
/** For work on thousands of objects. */
export const LONG_MS = 120_000;

export type Query = Record<string, string | number | boolean | null | undefined>;

async function send(path: string, options: CallOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const headers: Record<string, string> = { Accept: "application/json" };
  const token = session.get()?.token;
  if (token) headers["Authorization"] = `Bearer ${token}`;
  const file = options.body instanceof Blob ? options.body : null;
  if (options.body !== undefined) headers["Content-Type"] = file?.type || "application/json";
  const body = options.body === undefined ? null : (file ?? JSON.stringify(options.body));
  try {
    return await fetch(path, { method: options.method ?? "GET", headers, body, signal, cache: "no-store" });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    if (timeout.aborted) throw new NoAnswerError("The runtime did not answer in time.", true);
    throw new NoAnswerError("The runtime cannot be reached.", false);
  }
}

async function failure(response: Response): Promise<ApiError> {
  let code = `http_${response.status}`;
  let message = `${response.status} ${response.statusText}`.trim();
  let mistakes: readonly Mistake[] = [];
  try {
    const body = (await response.json()) as { error?: { code?: string; message?: string; mistakes?: Mistake[] } };
    code = body.error?.code ?? code;
    message = body.error?.message ?? message;
    mistakes = body.error?.mistakes ?? mistakes;
  } catch {
    // A proxy in between may answer with a page instead of JSON; the status says enough then.
  }
  return new ApiError(response.status, code, message, mistakes);
}

/** The runtime's reply. Raises ApiError for an error reply and NoAnswerError when there was none. */
async function reply(path: string, options: CallOptions): Promise<Response> {
  const sentWith = session.get()?.token;
  const response = await send(path, options);
  if (!response.ok) {
    const error = await failure(response);
    // Only the token that was refused is dropped: a renewal may have replaced it in the meantime.
    if (response.status === 401 && sentWith !== undefined && session.get()?.token === sentWith) session.clear();
    throw error;
  }
  return response;
}

/** The JSON that the runtime answers. Raises as every call does: ApiError or NoAnswerError. */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const response = await reply(path, options);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> => call<T>(path, signal ? { signal } : {});
export const post = <T>(path: string, body: unknown = {}, timeoutMs?: number): Promise<T> =>
  call<T>(path, timeoutMs === undefined ? { method: "POST", body } : { method: "POST", body, timeoutMs });
export const put = <T>(path: string, body: unknown): Promise<T> => call<T>(path, { method: "PUT", body });
export const remove = <T>(path: string): Promise<T> => call<T>(path, { method: "DELETE" });

/** A file that the runtime gives, such as an export. */
export const getFile = async (path: string): Promise<Blob> => (await reply(path, { timeoutMs: LONG_MS })).blob();

/** Hand a file over; the reply comes when the whole of it has been read. */
export const sendFile = <T>(path: string, file: Blob): Promise<T> => call<T>(path, { method: "POST", body: file, timeoutMs: LONG_MS });

/** The path with its parts and query encoded; empty query values are left out. */
export function url(parts: readonly string[], query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") search.set(key, String(value));
  }
  const text = search.toString();
  return `/api/${parts.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}
