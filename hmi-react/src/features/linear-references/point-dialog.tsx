/** Adds, changes or removes one reference point. */
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { addPoint, deletePoint, REFERENCES, replacePoint, type PointFields, type ReferencePoint } from "@/api/linear-references";
import { complaintsOf, draftOf, fieldsOf, kmText } from "./point-draft";

interface Props {
  /** Null for a new one. */
  point: ReferencePoint | null;
  /** Where a new one most likely lies. */
  segment: string;
  onClose(): void;
}

const UNITS: Record<keyof PointFields, string> = { segment: "", km: "km", latitude: "°", longitude: "°", elevation: "m" };
const FIELDS = Object.keys(UNITS) as (keyof PointFields)[];

export function PointDialog({ point, segment, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(point, segment));
  const [asked, setAsked] = useState(false);
  const complaints = complaintsOf(draft);
  const done = async (): Promise<void> => {
    await queries.invalidateQueries({ queryKey: REFERENCES });
    onClose();
  };
  const save = useMutation({ mutationFn: () => (point ? replacePoint(point.id, fieldsOf(draft)) : addPoint(fieldsOf(draft))), onSuccess: done });
  const drop = useMutation({ mutationFn: () => deletePoint(point?.id ?? 0), onSuccess: done });
  const busy = save.isPending || drop.isPending;
  const problem = save.error ?? drop.error;
  const ready = Object.keys(complaints).length === 0;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) save.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={point ? `${point.segment} km ${kmText(point.km)}` : t("line.add")} centered>
      <form onSubmit={submit}>
        <Stack gap={12}>
          {FIELDS.map((field) => (
            <TextInput
              key={field}
              label={t(`line.${field}`)}
              value={draft[field]}
              onChange={(event) => setDraft({ ...draft, [field]: event.currentTarget.value })}
              inputMode={field === "segment" ? "text" : "decimal"}
              maxLength={field === "segment" ? 128 : 40}
              rightSection={UNITS[field] && <span className="muted">{UNITS[field]}</span>}
              rightSectionPointerEvents="none"
              error={draft[field] !== "" && complaints[field] ? t(`line.complaint.${complaints[field]}`) : undefined}
              autoComplete="off"
              data-autofocus={field === (draft.segment === "" ? "segment" : "km")}
            />
          ))}
          {problem && (
            <div className="problem" role="alert">
              {words(problem)}
            </div>
          )}
          <Group justify="space-between" gap={8}>
            {point && !asked && (
              <Button variant="default" disabled={busy} onClick={() => setAsked(true)}>
                {t("line.remove")}
              </Button>
            )}
            {point && asked && (
              <Button color="red" variant="outline" loading={drop.isPending} onClick={() => drop.mutate()}>
                {t("line.removeSure")}
              </Button>
            )}
            <Group gap={8} ml="auto">
              <Button variant="default" onClick={onClose}>
                {t("common.cancel")}
              </Button>
              <Button type="submit" loading={save.isPending} disabled={!ready || busy}>
                {t("line.save")}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
