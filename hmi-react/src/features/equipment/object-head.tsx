/** The head of the page of an equipment or a type: its name, its text, and what an engineer can do with it. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";

interface Props {
  name: string | undefined;
  description: string;
  edited: boolean | undefined;
  onEdit(): void;
  onDelete(): void;
}

export function ObjectHead({ name, description, edited = false, onEdit, onDelete }: Props) {
  const { t } = useTranslation();
  const mayEdit = useMay("engineer");
  return (
    <header className="panel-head">
      <h2 className="panel-title">{name}</h2>
      <span className="muted panel-note">{description}</span>
      {edited && <span className="chip" title={t("detail.editedHint")}>✎ {t("detail.edited")}</span>}
      {mayEdit && (
        <>
          <Button size="xs" variant="default" onClick={onEdit}>
            {t("detail.edit")}
          </Button>
          <Button size="xs" variant="default" onClick={onDelete}>
            {t("detail.delete")}
          </Button>
        </>
      )}
    </header>
  );
}
