/** Fetches how the user wants to be shown times and values, and has the HMI drawn so. */
import { useEffect, useState, useSyncExternalStore } from "react";
import { useUnits } from "@/api/configuration";
import { usePreferences } from "@/api/preferences";
import { clearDisplay, displayKey, onDisplay, setDisplay } from "@/ui/display";

/** No longer than this is the HMI held back for the sake of zone and units: the plant is more important. */
const PATIENCE_MS = 1_500;

/** What is drawn must be drawn anew when this changes; null while it is not known yet how. */
export function useDisplay(): string | null {
  const preferences = usePreferences();
  const units = useUnits();
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    const timer = window.setTimeout(() => setPatient(false), PATIENCE_MS);
    return () => {
      window.clearTimeout(timer);
      clearDisplay();
    };
  }, []);
  const ready = !patient || (!preferences.isPending && !units.isPending);
  const { data: wanted } = preferences;
  const { data: quantities } = units;
  useEffect(() => {
    if (ready) setDisplay({ zone: wanted?.time_zone ?? "", units: wanted?.units ?? {}, quantities: quantities ?? [] });
  }, [ready, wanted, quantities]);
  return useSyncExternalStore(onDisplay, displayKey);
}
