/** A text field for one word of the address: what is typed is shown at once, and the address follows. */
import { TextInput, type TextInputProps } from "@mantine/core";
import { useEffect, useEffectEvent, useState } from "react";

const FOLLOW_MS = 100;

interface Props extends Omit<TextInputProps, "value" | "onChange"> {
  /** What the address says. */
  value: string;
  onChange(text: string): void;
}

export function AddressText({ value, onChange, ...rest }: Props) {
  // Null while the address says what is shown.
  const [typed, setTyped] = useState<string | null>(null);
  if (typed === value) setTyped(null);
  const tell = useEffectEvent(onChange);
  useEffect(() => {
    if (typed === null) return undefined;
    const timer = window.setTimeout(() => tell(typed), FOLLOW_MS);
    return () => window.clearTimeout(timer);
  }, [typed]);
  return <TextInput {...rest} value={typed ?? value} onChange={(event) => setTyped(event.currentTarget.value)} />;
}
