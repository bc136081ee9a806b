/** Somebody else changed the link while it was being edited. */
import { useQuery } from "@tanstack/react-query";
import { fetchLinkDefinition } from "@/api/links";
import type { Body } from "@/api/tags";
import { Overtaken } from "@/ui/overtaken";

interface Props {
  name: string;
  ours: Body;
  onReload(): void;
  onOverwrite(): void;
}

export function LinkOvertaken({ name, ...props }: Props) {
  const theirs = useQuery({ queryKey: ["link-theirs", name], queryFn: ({ signal }) => fetchLinkDefinition(name, signal), gcTime: 0 }).data;
  return <Overtaken theirs={theirs} {...props} />;
}
