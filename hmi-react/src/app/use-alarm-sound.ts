/** The horn: beeps while there are unacknowledged alarms, until silenced; a new annunciation sounds again. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { AlarmView } from "@/api/types";
import { isUnacknowledged } from "@/live/alarm-order";

/** blocked: it should sound, but the browser allows no sound before the page was touched. */
export type Sound = "quiet" | "sounding" | "silenced" | "blocked";

const PERIOD_MS = 2_000;
const PITCH: Record<number, number> = { 1: 1046, 2: 784, 3: 587 };

const isHeard = (alarm: AlarmView): boolean => isUnacknowledged(alarm) && alarm.priority < 5;

/** What must be heard: each annunciation that is unacknowledged, so also one that has become worse; diagnostic ones stay quiet. */
export function soundingKeys(alarms: readonly AlarmView[]): string[] {
  return alarms.filter(isHeard).map((alarm) => [alarm.name, alarm.occurrence_id ?? alarm.active_time, alarm.priority, alarm.limit].join(":"));
}

/** What stays silenced: an alarm that was acknowledged in between sounds again. */
export function stillSilenced(silenced: ReadonlySet<string>, keys: readonly string[]): ReadonlySet<string> {
  const still = new Set(keys.filter((key) => silenced.has(key)));
  return still.size === silenced.size ? silenced : still;
}

function beep(context: AudioContext, pitch: number): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.15, context.currentTime + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.35);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.4);
}

/** Beep every two seconds while `on`; true if the browser does not let it be heard yet. */
function useHorn(on: boolean, pitch: number): boolean {
  const context = useRef<AudioContext | null>(null);
  const [blocked, setBlocked] = useState(false);
  useEffect(() => {
    if (!on || typeof AudioContext === "undefined") return undefined;
    context.current ??= new AudioContext();
    const audio = context.current;
    const sound = (): void => {
      if (audio.state === "suspended") void audio.resume();
      setBlocked(audio.state !== "running");
      if (audio.state === "running") beep(audio, pitch);
    };
    sound();
    const timer = window.setInterval(sound, PERIOD_MS);
    return () => window.clearInterval(timer);
  }, [on, pitch]);
  return on && blocked;
}

export function useAlarmSound(alarms: readonly AlarmView[]): { sound: Sound; silence: () => void } {
  const keys = useMemo(() => soundingKeys(alarms), [alarms]);
  const [silenced, setSilenced] = useState<ReadonlySet<string>>(new Set());
  const still = stillSilenced(silenced, keys);
  if (still !== silenced) setSilenced(still);
  const sounding = keys.some((key) => !still.has(key));
  const worst = useMemo(() => Math.min(5, ...alarms.filter(isHeard).map((alarm) => alarm.priority)), [alarms]);
  const blocked = useHorn(sounding, PITCH[worst] ?? 440);
  const silence = useCallback(() => setSilenced(new Set(keys)), [keys]);
  return { sound: keys.length === 0 ? "quiet" : !sounding ? "silenced" : blocked ? "blocked" : "sounding", silence };
}
