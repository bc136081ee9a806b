/** Somebody else changed the link while it was being edited: what they made of it, and the choice. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { fetchLinkDefinition } from "@/api/links";
import type { Body } from "@/api/tags";
import { differencesOf } from "./link-schema";

interface Props {
  name: string;
  ours: Body;
  onReload(): void;
  onOverwrite(): void;
}

export function Overtaken({ name, ours, onReload, onOverwrite }: Props) {
  const { t } = useTranslation();
  const theirs = useQuery({ queryKey: ["link-theirs", name], queryFn: ({ signal }) => fetchLinkDefinition(name, signal), gcTime: 0 }).data;
  const differences = theirs ? differencesOf(ours, theirs.body) : [];
  return (
    <div className="note" role="alert">
      <strong>{t("linkForm.overtaken")}</strong>
      {differences.length > 0 && (
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
      )}
      <span className="link-row">
        <Button size="xs" onClick={onReload}>
          {t("tagForm.takeTheirs")}
        </Button>
        <Button size="xs" variant="default" onClick={onOverwrite}>
          {t("tagForm.keepMine")}
        </Button>
      </span>
    </div>
  );
}
