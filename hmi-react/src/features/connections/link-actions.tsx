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
  const [to, setTo] = useState(name);
  const changed = (): Promise<unknown> => Promise.all([queries.invalidateQueries({ queryKey: ["links"] }), queries.invalidateQueries({ queryKey: ["tags"] })]);
  const wrong = to.trim() !== "" && !NAME.test(to.trim());
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
      {asked === "rename" && (
        <AskDialog
          title={t("links.renameTitle", { name })}
          hint={t("links.renameHint")}
          action={t("detail.rename")}
          disabled={wrong || to.trim() === "" || to.trim() === name}
          act={async () => {
            const link = await renameLink(name, to.trim());
            await changed();
            onNamed(link.name);
          }}
          onClose={() => setAsked(null)}
        >
          <TextInput label={t("links.name")} value={to} onChange={(event) => setTo(event.currentTarget.value)} maxLength={128} error={wrong && t("tagForm.nameHint")} data-autofocus />
        </AskDialog>
      )}
      {asked === "remove" && (
        <AskDialog
          title={t("links.removeTitle", { name })}
          hint={t("links.removeHint")}
          action={t("detail.delete")}
          explain={(error) => isRefusal(error, "in_use") && definition.tags > 0 && <Link to={`/tags?link=${encodeURIComponent(name)}`}>{t("links.itsTags", { count: definition.tags })}</Link>}
          act={async () => {
            await deleteLink(name, definition.hash);
            onNamed(null);
            await changed();
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}
