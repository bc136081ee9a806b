/** What something that is saved is called, and whether others may read it. */
import { Checkbox, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Heading } from "@/api/displays";
import { AskDialog } from "./ask-dialog";

interface Props {
  title: string;
  heading: Heading;
  save(heading: Heading): Promise<unknown>;
  onClose(): void;
}

const NAME_MAX = 80;
const DESCRIPTION_MAX = 500;

export const UNNAMED: Heading = { name: "", description: "", shared: false };

export function SaveDialog({ title, heading, save, onClose }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(heading.name);
  const [description, setDescription] = useState(heading.description);
  const [shared, setShared] = useState(heading.shared);
  return (
    <AskDialog
      title={title}
      action={t("saved.save")}
      disabled={name.trim() === ""}
      act={() => save({ name: name.trim(), description: description.trim(), shared })}
      onClose={onClose}
    >
      <Stack gap={12}>
        <TextInput label={t("saved.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} maxLength={NAME_MAX} required data-autofocus autoComplete="off" />
        <Textarea label={t("saved.description")} value={description} onChange={(event) => setDescription(event.currentTarget.value)} maxLength={DESCRIPTION_MAX} autosize minRows={2} />
        <Checkbox label={t("saved.share")} description={t("saved.shareHint")} checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
      </Stack>
    </AskDialog>
  );
}
