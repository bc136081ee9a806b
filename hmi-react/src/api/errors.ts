/** What can go wrong between this page and the runtime, as types that callers can tell apart. */

/** The runtime answered with an error. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** No answer came: the runtime is down, the network is cut, or the time ran out. */
export class NoAnswerError extends Error {
  constructor(
    message: string,
    readonly timedOut: boolean,
  ) {
    super(message);
    this.name = "NoAnswerError";
  }
}

/** The error in one sentence for a person. */
export function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
