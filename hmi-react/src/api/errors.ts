/** What can go wrong between this page and the runtime, as types that callers can tell apart. */

/** One thing wrong with a configuration. field: dotted, empty for the whole; suggestion: what was probably meant. */
export interface Mistake {
  subject: string;
  field: string;
  message: string;
  place: string;
  suggestion: string;
}

/** The runtime answered with an error. mistakes: each wrong field, where the runtime told them apart. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly mistakes: readonly Mistake[] = [],
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

/** The wrong fields that an error names; none for any other error. */
export const mistakesOf = (error: unknown): readonly Mistake[] => (error instanceof ApiError ? error.mistakes : []);

/** True for the refusal of that code. */
export const isRefusal = (error: unknown, code: string): boolean => error instanceof ApiError && error.code === code;
