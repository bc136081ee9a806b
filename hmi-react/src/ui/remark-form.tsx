/** A field for something that a person wants to say, with a button that says it. */
import { Button, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";

interface Props {
  label: string;
  send(text: string): Promise<unknown>;
}

export function RemarkForm({ label, send }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const say = useMutation({ mutationFn: send, onSuccess: () => setText("") });
  const ready = text.trim() !== "" && !say.isPending;
  return (
    <form
      className="remark-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) say.mutate(text.trim());
      }}
    >
      <Textarea
        size="xs"
        label={label}
        autosize
        minRows={1}
        maxRows={6}
        maxLength={1000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
        }}
      />
      <Button size="xs" type="submit" disabled={!ready} loading={say.isPending}>
        {t("remarks.send")}
      </Button>
      {say.error && (
        <span className="problem" role="alert">
          {words(say.error)}
        </span>
      )}
    </form>
  );
}
