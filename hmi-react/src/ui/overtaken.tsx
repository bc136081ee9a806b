/** Somebody else changed what is being edited: what they made of it, and the choice. */
import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Body } from "@/api/tags";
import { bodyDiff } from "./body-words";
import { formatDateTime } from "./format";

/** A definition as somebody else left it. */
export interface Theirs {
  body: Body | null;
  changed_at?: number | null;
  changed_by?: string | null;
}

interface Props {
  ours: Body;
  /** Undefined while it is fetched. */
  theirs: Theirs | undefined;
  onReload(): void;
  onOverwrite(): void;
}

export function Overtaken({ ours, theirs, onReload, onOverwrite }: Props) {
  const { t } = useTranslation();
  const differences = theirs?.body ? bodyDiff(ours, theirs.body) : [];
  return (
    <div className="note" role="alert">
      <strong>{t("tagForm.overtaken", { actor: theirs?.changed_by ?? "?", time: formatDateTime(theirs?.changed_at) })}</strong>
      <table className="diff">
        <thead>
          <tr>
            <th>{t("tagForm.field")}</th>
            <th>{t("tagForm.mine")}</th>
            <th>{t("tagForm.theirs")}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(([field, mine, other]) => (
            <tr key={field}>
              <th scope="row">{field}</th>
              <td>{mine}</td>
              <td>{other}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Group gap={8}>
        <Button size="xs" onClick={onReload}>
          {t("tagForm.takeTheirs")}
        </Button>
        <Button size="xs" variant="default" onClick={onOverwrite}>
          {t("tagForm.keepMine")}
        </Button>
      </Group>
    </div>
  );
}
