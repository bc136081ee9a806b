/** Takes the listed tags away as a file. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { words } from "@/api/errors";
import { exportTable, type BulkFormat, type TagFilter } from "@/api/tags";
import { download } from "@/ui/table-columns";

const FORMATS: readonly BulkFormat[] = ["csv", "xlsx"];

export function TagFiles({ filter }: { filter: TagFilter }) {
  // A file has an order of its own.
  const { sort: _, ...which } = filter;
  const take = useMutation({ mutationFn: async (format: BulkFormat) => download(`tags.${format}`, await exportTable("tags", format, which)) });
  return (
    <>
      {FORMATS.map((format) => (
        <Button key={format} size="xs" variant="default" loading={take.isPending && take.variables === format} onClick={() => take.mutate(format)}>
          {format.toUpperCase()}
        </Button>
      ))}
      {take.error && (
        <span className="chip chip-bad" role="alert">
          {words(take.error)}
        </span>
      )}
    </>
  );
}
