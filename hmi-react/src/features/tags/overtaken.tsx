/** Somebody else changed the tag while it was being edited. */
import { useQuery } from "@tanstack/react-query";
import { fetchTagDetail, type Body } from "@/api/tags";
import { Overtaken } from "@/ui/overtaken";

interface Props {
  name: string;
  ours: Body;
  onReload(): void;
  onOverwrite(): void;
}

export function TagOvertaken({ name, ...props }: Props) {
  const theirs = useQuery({ queryKey: ["tag-theirs", name], queryFn: ({ signal }) => fetchTagDetail(name, signal), gcTime: 0 }).data;
  return <Overtaken theirs={theirs} {...props} />;
}
