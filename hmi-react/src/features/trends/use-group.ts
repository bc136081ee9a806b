/** The group that the address names, and what can be done to it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { addTrendGroup, changeTrendGroup, removeTrendGroup, useTrendGroup, type GroupContent, type Heading, type TrendGroup } from "@/api/displays";
import { isRefusal } from "@/api/errors";
import type { Looks } from "@/ui/pen-looks";
import { contentOf, differs, groupWord, headingOf, readGroup, savedContentOf, wordsOf } from "./group-state";
import type { TrendState, Words } from "./trend-address";

export interface GroupState {
  /** Undefined while none is opened, or it is fetched. */
  group: TrendGroup | undefined;
  /** Why the group of the address cannot be shown. */
  missing: unknown;
  content: GroupContent;
  /** Something else is shown than is saved. */
  changed: boolean;
  /** Somebody else was quicker than the last try to save. */
  overtaken: boolean;
  problem: unknown;
  saving: boolean;
  open(id: number): void;
  leave(): void;
  /** Go on after a save that was refused. */
  dismiss(): void;
  reload(): void;
  save(overwrite: boolean): void;
  saveAs(heading: Heading): Promise<unknown>;
  rename(heading: Heading): Promise<unknown>;
  /** Shared from now on, or no more. */
  share(): void;
  remove(): Promise<unknown>;
}

export function useGroup(state: TrendState, looks: Looks, word: string | null, set: (words: Words) => void): GroupState {
  const queries = useQueryClient();
  const opened = useMemo(() => readGroup(word), [word]);
  const query = useTrendGroup(opened?.id ?? null);
  const group = query.data;
  const content = useMemo(() => contentOf(state, looks), [state, looks]);
  const unopened = opened !== null && opened.version === null;
  useEffect(() => {
    if (unopened && group) set(wordsOf(group));
  }, [unopened, group, set]);
  const keep = (saved: TrendGroup): void => {
    queries.setQueryData(["trend-groups", saved.id], saved);
    void queries.invalidateQueries({ queryKey: ["trend-groups"], exact: true });
  };
  const save = useMutation({
    mutationFn: async (overwrite: boolean) => {
      if (!group) return;
      const saved = await changeTrendGroup(group.id, overwrite ? group.version : (opened?.version ?? group.version), { ...headingOf(group), ...content });
      keep(saved);
      set({ group: groupWord(saved) });
    },
    onError: () => void query.refetch(),
  });
  const rename = async (heading: Heading): Promise<void> => {
    if (!group) return;
    const saved = await changeTrendGroup(group.id, group.version, { ...heading, ...savedContentOf(group) });
    keep(saved);
    // Who looked at an older version still has to be told of it when it is saved.
    if (opened?.version === group.version) set({ group: groupWord(saved) });
  };
  const share = useMutation({ mutationFn: async () => group && rename({ ...headingOf(group), shared: !group.shared }), onError: () => void query.refetch() });
  const forget = (): void => {
    save.reset();
    share.reset();
  };
  const leave = (): void => {
    forget();
    set({ group: null });
  };
  return {
    group,
    missing: query.error,
    content,
    changed: group !== undefined && !unopened && differs(content, group),
    overtaken: isRefusal(save.error, "overtaken"),
    problem: save.error ?? share.error,
    saving: save.isPending,
    open: (id) => {
      forget();
      set({ group: String(id) });
    },
    leave,
    dismiss: forget,
    reload: () => {
      forget();
      if (group) set(wordsOf(group));
    },
    save: (overwrite) => save.mutate(overwrite),
    saveAs: async (heading) => {
      const saved = await addTrendGroup({ ...heading, ...content });
      forget();
      keep(saved);
      set({ group: groupWord(saved) });
    },
    rename,
    share: () => share.mutate(),
    remove: async () => {
      if (!group) return;
      await removeTrendGroup(group.id, group.version);
      leave();
      queries.removeQueries({ queryKey: ["trend-groups", group.id] });
      void queries.invalidateQueries({ queryKey: ["trend-groups"], exact: true });
    },
  };
}
