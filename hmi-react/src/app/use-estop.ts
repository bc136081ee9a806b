/** Tripping and clearing the emergency stop, and what is known of it. */
import { useCallback, useEffect, useState } from "react";
import { get } from "@/api/client";
import { ApiError, words } from "@/api/errors";
import { freshen } from "@/api/auth";
import { clearEstop, tripEstop } from "@/api/queries";
import type { EstopView } from "@/api/types";
import { plantStore, useIsLive } from "@/live/live";

export interface Estop {
  /** null while it is not known. */
  view: EstopView | null;
  tripping: boolean;
  /** A trip that was not confirmed: the person must use the hardware stop. */
  tripError: string | null;
  trip(): void;
  clear(id: string, reason: string): Promise<void>;
}

const ATTEMPTS = 3;

/** Tries a trip until the runtime confirms it; a refusal is final, a missing answer is tried again. */
async function tripFirmly(reason: string): Promise<EstopView> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tripEstop(reason);
    } catch (error) {
      const final = error instanceof ApiError && error.status < 500;
      if (final || attempt >= ATTEMPTS) throw error;
      await new Promise((resolve) => window.setTimeout(resolve, 300));
    }
  }
}

export function useEstop(pushed: EstopView | null): Estop {
  const live = useIsLive();
  const [tripping, setTripping] = useState(false);
  const [tripError, setTripError] = useState<string | null>(null);
  useEffect(() => {
    // While live, the state is pushed, first of all on connecting; without, it can still be asked for.
    if (live) return undefined;
    const before = plantStore.estop.get();
    const asking = new AbortController();
    get<EstopView>("/api/estop", asking.signal)
      .then((view) => {
        // What was pushed while this was under way is newer.
        if (plantStore.estop.get() === before) plantStore.estop.set(view);
      })
      .catch(() => undefined);
    return () => asking.abort();
  }, [live]);

  const trip = useCallback(() => {
    setTripping(true);
    setTripError(null);
    tripFirmly("pressed at the HMI")
      .then((view) => plantStore.estop.set(view))
      .catch((error: unknown) => setTripError(words(error)))
      .finally(() => setTripping(false));
  }, []);
  const clear = useCallback(async (id: string, reason: string) => {
    await freshen();
    plantStore.estop.set(await clearEstop(id, reason));
  }, []);
  return { view: pushed, tripping, tripError, trip, clear };
}
