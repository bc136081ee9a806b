/** The keys of the alarm strip: Alt+A and Alt+1 to 3 acknowledge what it shows, Alt+S silences; never while something is typed. */
import { useEffect, useRef } from "react";
import type { AlarmView } from "@/api/types";

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const field = target.closest("input, textarea, select, [contenteditable='true']");
  return field !== null && !(field instanceof HTMLInputElement && ["checkbox", "radio", "button"].includes(field.type));
}

/** The place in the strip that the key means, from 0. */
function placeOf(code: string): number | null {
  if (code === "KeyA") return 0;
  return /^Digit[1-3]$/.test(code) ? Number(code.slice(5)) - 1 : null;
}

/** So long the next alarm, which moves up when one is acknowledged, must have been seen. */
const SEEN_MS = 1_000;

export function useStripKeys(shown: readonly AlarmView[], acknowledge: (alarm: AlarmView) => void, silence: () => void): void {
  const last = useRef({ at: -SEEN_MS, name: "" });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat || isTyping(event.target)) return;
      const place = placeOf(event.code);
      const alarm = place === null ? undefined : shown[place];
      if (alarm) {
        // A key that is pressed twice in a hurry means the same alarm, not the one that has just taken its place.
        if (event.timeStamp - last.current.at >= SEEN_MS || alarm.name === last.current.name) {
          last.current = { at: event.timeStamp, name: alarm.name };
          acknowledge(alarm);
        }
      } else if (event.code === "KeyS") silence();
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [shown, acknowledge, silence]);
}
