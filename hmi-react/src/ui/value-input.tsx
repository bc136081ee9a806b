/** A field for a value of a tag: a choice for switches and states, else typed text with the unit beside it. */
import { NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { TagView } from "@/api/types";
import { formatNumber, parseInput, shownRange, unitOf, type Parsed } from "./format";

interface Props {
  tag: TagView;
  label: string;
  text: string;
  onText(text: string): void;
  autoFocus?: boolean;
}

/** What is in the field before anybody has typed. */
export function firstText(tag: TagView): string {
  if (tag.type === "bool") return "false";
  if (tag.type === "enum") return Object.keys(tag.states)[0] ?? "";
  return "";
}

/** The value typed, and what to say while it cannot be taken. */
export function useParsed(tag: TagView, text: string): { parsed: Parsed; complaint: string | undefined } {
  const { t } = useTranslation();
  const parsed = parseInput(text, tag);
  const range = shownRange(tag);
  const said = { low: range?.[0] ?? "", high: range?.[1] ?? "", unit: unitOf(tag) };
  return { parsed, complaint: parsed.ok || parsed.message === "empty" ? undefined : t(`put.${parsed.message}`, said) };
}

export function ValueInput({ tag, label, text, onText, autoFocus = false }: Props) {
  const { complaint } = useParsed(tag, text);
  const unit = unitOf(tag);
  const range = shownRange(tag);
  const states = tag.type === "bool" ? { false: "Off", true: "On" } : tag.type === "enum" ? tag.states : null;
  if (states !== null) {
    return (
      <NativeSelect
        size="xs"
        label={label}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        data={Object.entries(states).map(([value, name]) => ({ value, label: name }))}
        data-autofocus={autoFocus}
      />
    );
  }
  return (
    <TextInput
      size="xs"
      label={label}
      value={text}
      onChange={(event) => onText(event.currentTarget.value)}
      inputMode={tag.type === "string" ? "text" : "decimal"}
      maxLength={tag.type === "string" ? 1024 : 40}
      autoComplete="off"
      error={complaint !== undefined}
      aria-describedby={complaint ? "put-error" : undefined}
      rightSection={unit ? <span className="put-unit">{unit}</span> : undefined}
      rightSectionWidth={unit ? "auto" : undefined}
      rightSectionPointerEvents="none"
      placeholder={range ? `${formatNumber(range[0], 0)} … ${formatNumber(range[1], 0)}` : ""}
      styles={{ input: { textAlign: tag.type === "string" ? "left" : "right", paddingRight: unit ? 8 + 8 * (unit.length + 1) : undefined } }}
      data-autofocus={autoFocus}
    />
  );
}

/** What is wrong with the typed value, below its row. */
export function ValueComplaint({ tag, text }: { tag: TagView; text: string }) {
  const { complaint } = useParsed(tag, text);
  if (complaint === undefined) return null;
  return (
    <span className="put-error" id="put-error" role="alert">
      {complaint}
    </span>
  );
}
