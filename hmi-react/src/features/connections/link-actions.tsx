/** What an engineer may do with a link: edit, rename, remove. */
import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { isRefusal } from "@/api/errors";
import { deleteLink, renameLink, type LinkDefinition } from "@/api/links";
import { AskDialog } from "@/ui/ask-dialog";
import { NAME } from "./new-tags";

interface Props {
  definition: LinkDefinition;
  /** Called with the name that the link has now, null once it is gone. */
  onNamed(name: string | null): void;
}

export function LinkActions({ definition, onNamed }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { name } = definition;
  const [asked, setAsked] = useState<"rename" | "remove" | null>(null);
  const changed = (): Promise<unknown> => Promise.all([queries.invalidateQueries({ queryKey: ["links"] }), queries.invalidateQueries({ queryKey: ["tags"] })]);
  return (
    <div className="link-tools">
      <Button component={Link} to={`/connections/${encodeURIComponent(name)}/edit`} size="xs" variant="default">
        {t("detail.edit")}
      </Button>
      <Button size="xs" variant="default" onClick={() => setAsked("rename")}>
        {t("detail.rename")}
      </Button>
      <Button size="xs" variant="default" onClick={() => setAsked("remove")}>
        {t("detail.delete")}
      </Button>
      {asked === "rename" && <Rename name={name} onRenamed={(to) => changed().then(() => onNamed(to))} onClose={() => setAsked(null)} />}
      {asked === "remove" && (
        <AskDialog
          title={t("links.removeTitle", { name })}
          hint={t("links.removeHint")}
          action={t("detail.delete")}
          explain={(error) => isRefusal(error, "in_use") && definition.tags > 0 && <Link to={`/tags?link=${encodeURIComponent(name)}`}>{t("links.itsTags", { count: definition.tags })}</Link>}
          act={async () => {
            await deleteLink(name, definition.hash).catch(async (error: unknown) => {
              // The next try is about what somebody else made of it, which the page shows from now on.
              if (isRefusal(error, "changed")) await queries.invalidateQueries({ queryKey: ["links"] });
              throw error;
            });
            onNamed(null);
            await changed();
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}

function Rename({ name, onRenamed, onClose }: { name: string; onRenamed(to: string): Promise<void>; onClose(): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(name);
  const to = text.trim();
  const wrong = to !== "" && !NAME.test(to);
  return (
    <AskDialog
      title={t("links.renameTitle", { name })}
      hint={t("links.renameHint")}
      action={t("detail.rename")}
      disabled={wrong || to === "" || to === name}
      act={async () => onRenamed((await renameLink(name, to)).name)}
      onClose={onClose}
    >
      <TextInput label={t("links.name")} value={text} onChange={(event) => setText(event.currentTarget.value)} maxLength={128} error={wrong && t("tagForm.nameHint")} autoComplete="off" spellCheck={false} data-autofocus />
    </AskDialog>
  );
}
