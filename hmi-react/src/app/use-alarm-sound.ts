/** The horn: beeps while there are unacknowledged alarms, until silenced; a new alarm sounds again. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { AlarmView } from "@/api/types";

export type Sound = "quiet" | "sounding" | "silenced";

const PERIOD_MS = 2_000;
const PITCH: Record<number, number> = { 1: 1046, 2: 784, 3: 587 };

/** What must be heard: the occurrences that are active and unacknowledged; diagnostic ones stay quiet. */
export function soundingKeys(alarms: readonly AlarmView[]): string[] {
  return alarms.filter((alarm) => alarm.state === "UNACK" && alarm.priority < 5).map((alarm) => `${alarm.name}:${alarm.occurrence_id ?? alarm.active_time}`);
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

export function useAlarmSound(alarms: readonly AlarmView[]): { sound: Sound; silence: () => void } {
  const keys = useMemo(() => soundingKeys(alarms), [alarms]);
  const [silenced, setSilenced] = useState<ReadonlySet<string>>(new Set());
  const sounding = keys.some((key) => !silenced.has(key));
  const worst = useMemo(() => Math.min(5, ...alarms.filter((alarm) => alarm.state === "UNACK").map((alarm) => alarm.priority)), [alarms]);
  const context = useRef<AudioContext | null>(null);

  useEffect(() => {
    if (!sounding || typeof AudioContext === "undefined") return undefined;
    context.current ??= new AudioContext();
    const audio = context.current;
    const sound = (): void => {
      // Browsers allow sound only after the first touch of the page; until then this does nothing.
      if (audio.state === "suspended") void audio.resume();
      if (audio.state === "running") beep(audio, PITCH[worst] ?? 440);
    };
    sound();
    const timer = window.setInterval(sound, PERIOD_MS);
    return () => window.clearInterval(timer);
  }, [sounding, worst]);
  const silence = useCallback(() => setSilenced(new Set(keys)), [keys]);
  return { sound: keys.length === 0 ? "quiet" : sounding ? "sounding" : "silenced", silence };
}
