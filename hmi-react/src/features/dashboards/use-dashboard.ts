/** One dashboard: as it is saved, or as somebody changes it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";
import { addDashboard, changeDashboard, removeDashboard, useDashboard, type Dashboard, type Heading } from "@/api/displays";
import { isRefusal } from "@/api/errors";
import { contentOf, draftOf, headingOf, isDirty, type DraftStrip } from "./draft";

/** What is changed, and the version that was seen when that began; 0: it has not been saved yet. */
interface Draft {
  strips: DraftStrip[];
  seen: number;
}

const NEW: Draft = { strips: [], seen: 0 };

/** id: null for a new one. */
export function useDashboardDraft(id: number | null) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const query = useDashboard(id);
  const saved = query.data;
  const [draft, setDraft] = useState<Draft | null>(id === null ? NEW : null);
  // Known at once, before anything is drawn anew: what was saved may be left.
  const done = useRef(false);
  const keep = (dashboard: Dashboard): void => {
    queries.setQueryData(["dashboards", dashboard.id], dashboard);
    void queries.invalidateQueries({ queryKey: ["dashboards"], exact: true });
  };
  const save = useMutation({
    mutationFn: async (overwrite: boolean) => {
      if (!saved || !draft) return;
      keep(await changeDashboard(saved.id, overwrite ? saved.version : draft.seen, { ...headingOf(saved), ...contentOf(draft.strips) }));
      setDraft(null);
    },
    onError: () => void query.refetch(),
  });
  const begin = (): void => {
    save.reset();
    if (saved) setDraft({ strips: draftOf(saved), seen: saved.version });
  };
  const leave = (): void => {
    save.reset();
    setDraft(null);
  };
  const dirty = draft !== null && isDirty(draft.strips, draft.seen === 0 ? undefined : saved);
  return {
    query,
    saved,
    editing: draft !== null,
    strips: draft?.strips ?? (saved ? draftOf(saved) : []),
    dirty,
    /** Asked at the moment of leaving. */
    loses: (): boolean => dirty && !done.current,
    saving: save.isPending,
    overtaken: isRefusal(save.error, "overtaken"),
    problem: save.error,
    begin,
    leave,
    /** Go on after a save that was refused. */
    dismiss: (): void => save.reset(),
    change: (strips: readonly DraftStrip[]): void => setDraft((now) => (now === null ? null : { ...now, strips: [...strips] })),
    save: (overwrite: boolean): void => save.mutate(overwrite),
    /** A new dashboard with what is shown; its page is opened. */
    saveAs: async (heading: Heading): Promise<void> => {
      const made = await addDashboard({ ...heading, ...contentOf(draft?.strips ?? (saved ? draftOf(saved) : [])) });
      done.current = true;
      keep(made);
      await navigate(`/dashboards/${made.id}`);
    },
    /** Another name or sharing, whatever is being changed besides. */
    rename: async (heading: Heading): Promise<void> => {
      if (!saved) return;
      const named = await changeDashboard(saved.id, saved.version, { ...heading, ...contentOf(draftOf(saved)) });
      keep(named);
      setDraft((now) => (now?.seen === saved.version ? { ...now, seen: named.version } : now));
    },
    remove: async (): Promise<void> => {
      if (!saved) return;
      await removeDashboard(saved.id, saved.version);
      done.current = true;
      void queries.invalidateQueries({ queryKey: ["dashboards"], exact: true });
      await navigate("/dashboards", { replace: true });
      queries.removeQueries({ queryKey: ["dashboards", saved.id] });
    },
  };
}

export type DashboardState = ReturnType<typeof useDashboardDraft>;
