/** Calls to the runtime: JSON in, JSON out, every failure a typed error. */
import { ApiError, NoAnswerError } from "./errors";
import { session } from "./session";

interface CallOptions {
  method?: string;
  body?: unknown;
  timeoutMs?: number;
  signal?: AbortSignal;
}

const TIMEOUT_MS = 15_000;

async function send(path: string, options: CallOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const headers: Record<string, string> = { Accept: "application/json" };
  const token = session.get()?.token;
  if (token) headers["Authorization"] = `Bearer ${token}`;
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  const body = options.body === undefined ? null : JSON.stringify(options.body);
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
  try {
    const body = (await response.json()) as { error?: { code?: string; message?: string } };
    code = body.error?.code ?? code;
    message = body.error?.message ?? message;
  } catch {
    // A proxy in between may answer with a page instead of JSON; the status says enough then.
  }
  return new ApiError(response.status, code, message);
}

/** The JSON that the runtime answers. Raises ApiError for an error reply and NoAnswerError when there was none. */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const sentWith = session.get()?.token;
  const response = await send(path, options);
  if (!response.ok) {
    const error = await failure(response);
    // Only the token that was refused is dropped: a renewal may have replaced it in the meantime.
    if (response.status === 401 && sentWith !== undefined && session.get()?.token === sentWith) session.clear();
    throw error;
  }
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> => call<T>(path, signal ? { signal } : {});
export const post = <T>(path: string, body: unknown = {}, timeoutMs?: number): Promise<T> =>
  call<T>(path, timeoutMs === undefined ? { method: "POST", body } : { method: "POST", body, timeoutMs });
export const put = <T>(path: string, body: unknown): Promise<T> => call<T>(path, { method: "PUT", body });

/** The path with its parts and query encoded; empty query values are left out. */
export function url(parts: readonly string[], query: Record<string, string | number | null | undefined> = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") search.set(key, String(value));
  }
  const text = search.toString();
  return `/api/${parts.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}
