/** Which samples of a tag are recorded. */
import { Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isNumeric, RECORDING_FIELDS, RECORDINGS, type Recording, type RecordingField } from "./tag-draft";
import type { TagForm } from "./tag-form";

const BANDS: ReadonlySet<RecordingField> = new Set(["deadband", "deviation"]);

export function FormRecording({ form, unitBeside }: { form: TagForm; unitBeside(typed: string): string }) {
  const { t } = useTranslation();
  const { history, recording } = form.draft;
  // The deadband has a field of its own beside that for displays; a table may have it too, and keeps it.
  const shown = RECORDING_FIELDS[history].filter((field) => field !== "deadband" || recording.deadband);
  const known = shown.some((field) => form.error(`history.${field}`) !== undefined);
  const modes = RECORDINGS.filter((mode) => mode !== "swinging_door" || isNumeric(form.draft));
  return (
    <>
      <Select
        size="xs"
        label={t("tags.history")}
        data={modes.map((value) => ({ value, label: t(`tagForm.recordings.${value}`) }))}
        value={history}
        onChange={(mode) => mode && form.set({ history: mode as Recording })}
        error={known ? undefined : form.error("history")}
        allowDeselect={false}
      />
      {shown.map((field) => (
        <TextInput
          key={field}
          size="xs"
          label={t(`tagForm.recordingFields.${field}`)}
          value={recording[field] ?? ""}
          onChange={(event) => form.set({ recording: { ...recording, [field]: event.currentTarget.value } })}
          error={form.error(`history.${field}`)}
          rightSection={<span className="put-unit">{BANDS.has(field) ? unitBeside(recording[field] ?? "") : "s"}</span>}
          rightSectionWidth="auto"
          inputMode="decimal"
        />
      ))}
    </>
  );
}
