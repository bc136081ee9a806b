/** The life of a command: sent, then confirmed, refused with the reason, or timed out. Never assumed done. */
import { useCallback, useRef, useState } from "react";
import { ApiError, NoAnswerError, words } from "@/api/errors";

export type Life =
  | { kind: "idle" }
  | { kind: "sent"; what: string; at: number }
  | { kind: "confirmed"; what: string; result: string; at: number }
  | { kind: "refused"; what: string; reason: string; at: number }
  | { kind: "timeout"; what: string; reason: string; at: number };

/** How a failed command ended: without an answer or confirmation it may still have worked, which must be said. */
export function endOf(error: unknown, what: string, at: number): Life {
  const unconfirmed = (error instanceof ApiError && error.status === 504) || error instanceof NoAnswerError;
  return { kind: unconfirmed ? "timeout" : "refused", what, reason: words(error), at };
}

interface Command {
  life: Life;
  busy: boolean;
  /** Send it; `act` resolves to what the device confirmed. */
  run(what: string, act: () => Promise<string>): Promise<boolean>;
  reset(): void;
}

export function useCommand(now: () => number = Date.now): Command {
  const [life, setLife] = useState<Life>({ kind: "idle" });
  const turn = useRef(0);
  const run = useCallback(
    async (what: string, act: () => Promise<string>): Promise<boolean> => {
      turn.current += 1;
      const mine = turn.current;
      const show = (next: Life): void => {
        if (turn.current === mine) setLife(next);
      };
      show({ kind: "sent", what, at: now() });
      try {
        show({ kind: "confirmed", what, result: await act(), at: now() });
        return true;
      } catch (error) {
        show(endOf(error, what, now()));
        return false;
      }
    },
    [now],
  );
  const reset = useCallback(() => {
    turn.current += 1;
    setLife({ kind: "idle" });
  }, []);
  return { life, busy: life.kind === "sent", run, reset };
}
