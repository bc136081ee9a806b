/** Word of newer events, so that a list of them is asked for again when there are some, and not otherwise. */
import { useEffect, useEffectEvent } from "react";
import { plantStore } from "./live";

const PAUSE_MS = 1_000;

/** Call refresh after there were newer events, once a second at most, while enabled. */
export function useEventNews(refresh: () => void, enabled: boolean): void {
  const call = useEffectEvent(refresh);
  useEffect(() => {
    if (!enabled) return undefined;
    let timer: number | undefined;
    const later = (): void => {
      timer ??= window.setTimeout(() => {
        timer = undefined;
        call();
      }, PAUSE_MS);
    };
    const forget = plantStore.newestEvent.subscribe(later);
    return () => {
      forget();
      window.clearTimeout(timer);
    };
  }, [enabled]);
}
