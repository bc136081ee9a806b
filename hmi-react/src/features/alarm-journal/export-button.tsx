/** Takes the rows that match the filters away as CSV. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { exportJournal } from "@/api/alarm-history";
import { words } from "@/api/errors";
import { presentS } from "@/live/live";
import { formatDate } from "@/ui/format";
import { boundsOf, type Period } from "@/ui/period";
import { download } from "@/ui/table-columns";
import { rowsAsked, type Filters } from "./journal-filter";

export function ExportButton({ filters, period }: { filters: Filters; period: Period }) {
  const { t } = useTranslation();
  const take = useMutation({
    mutationFn: async () => {
      const now = presentS();
      download(`alarm-journal-${formatDate(now)}.csv`, await exportJournal(rowsAsked(filters, boundsOf(period, now))));
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
