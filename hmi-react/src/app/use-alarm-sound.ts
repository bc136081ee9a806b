/** The horn: beeps while there are unacknowledged alarms, until silenced; a new annunciation sounds again. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { AlarmView } from "@/api/types";
import { isUnacknowledged } from "@/live/alarm-order";

/** blocked: it should sound, but the browser allows no sound before the page was touched. */
export type Sound = "quiet" | "sounding" | "silenced" | "blocked";

const PERIOD_MS = 2_000;
const PITCH: Record<number, number> = { 1: 1046, 2: 784, 3: 587 };

const isHeard = (alarm: AlarmView): boolean => isUnacknowledged(alarm) && alarm.priority < 5;

/** By occurrence, how bad it is: less is worse. */
export type Heard = ReadonlyMap<string, number>;

const badness = ({ priority, level }: AlarmView): number => priority * 2 - Number(level === "high_high" || level === "low_low");

/** What must be heard: each occurrence that is unacknowledged; diagnostic ones stay quiet. */
export function soundingOf(alarms: readonly AlarmView[]): Heard {
  return new Map(alarms.filter(isHeard).map((alarm) => [`${alarm.name}:${alarm.occurrence_id ?? alarm.active_time}`, badness(alarm)]));
}

/** What stays silenced: an alarm that was acknowledged in between sounds again. */
export function stillSilenced(silenced: Heard, sounding: Heard): Heard {
  const still = new Map([...silenced].filter(([key]) => sounding.has(key)));
  return still.size === silenced.size ? silenced : still;
}

/** True if something is new, or has become worse since it was silenced. */
export const isNews = (sounding: Heard, silenced: Heard): boolean => [...sounding].some(([key, badness]) => badness < (silenced.get(key) ?? Infinity));

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
  const heard = useMemo(() => soundingOf(alarms), [alarms]);
  const [silenced, setSilenced] = useState<Heard>(new Map());
  const still = stillSilenced(silenced, heard);
  if (still !== silenced) setSilenced(still);
  const sounding = isNews(heard, still);
  const worst = useMemo(() => Math.min(5, ...alarms.filter(isHeard).map((alarm) => alarm.priority)), [alarms]);
  const blocked = useHorn(sounding, PITCH[worst] ?? 440);
  const silence = useCallback(() => setSilenced(heard), [heard]);
  return { sound: heard.size === 0 ? "quiet" : !sounding ? "silenced" : blocked ? "blocked" : "sounding", silence };
}
