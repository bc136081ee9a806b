/** Somebody else changed the tag while it was being edited: what they made of it, and the choice. */
import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { fetchTagDetail, type Body } from "@/api/tags";
import { formatDateTime } from "@/ui/format";
import { bodyDiff } from "./definition-facts";

interface Props {
  name: string;
  ours: Body;
  onReload(): void;
  onOverwrite(): void;
}

export function Overtaken({ name, ours, onReload, onOverwrite }: Props) {
  const { t } = useTranslation();
  const theirs = useQuery({ queryKey: ["tag-theirs", name], queryFn: ({ signal }) => fetchTagDetail(name, signal), gcTime: 0 }).data;
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
