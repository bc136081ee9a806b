/** Takes what matches the filters of a page away as CSV. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { presentS } from "@/live/live";
import { formatDate } from "./format";
import { download } from "./table-columns";

interface Props {
  /** Of the file, without date and ending. */
  name: string;
  fetch(now: number): Promise<Blob>;
}

export function ExportButton({ name, fetch }: Props) {
  const { t } = useTranslation();
  const take = useMutation({
    mutationFn: async () => {
      const now = presentS();
      download(`${name}-${formatDate(now)}.csv`, await fetch(now));
    },
  });
  return (
    <>
      <Button size="xs" variant="default" title={t("journal.exporting")} loading={take.isPending} onClick={() => take.mutate()}>
        {t("journal.export")}
      </Button>
      {take.error && (
        <span className="chip chip-bad" role="alert">
          {words(take.error)}
        </span>
      )}
    </>
  );
}
