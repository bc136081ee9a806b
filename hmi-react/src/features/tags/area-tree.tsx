/** The areas of the plant as a tree, with how many tags each has and how many of them are bad. */
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useTagAreas } from "@/api/tags";
import { Loaded } from "@/ui/page";
import { ancestorsOf, stepOf, visibleAreas, type AreaNode } from "./area-nodes";
import "./tags.css";

interface Props {
  /** Path of the chosen area; empty for all. */
  chosen: string;
  onChoose(path: string): void;
}

export function AreaTree({ chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const areas = useTagAreas();
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(ancestorsOf(chosen)));
  const [shown, setShown] = useState(chosen);
  if (shown !== chosen) {
    // Chosen elsewhere, such as by the back button: the way to it opens.
    setShown(chosen);
    setOpen(new Set([...open, ...ancestorsOf(chosen)]));
  }
  const [focused, setFocused] = useState(chosen);
  const box = useRef<HTMLDivElement>(null);
  const nodes = useMemo(() => visibleAreas(areas.data ?? [], open), [areas.data, open]);
  const toggle = (path: string, opened: boolean): void =>
    setOpen((now) => {
      const next = new Set(now);
      if (opened) next.add(path);
      else next.delete(path);
      return next;
    });
  const focus = (path: string): void => {
    setFocused(path);
    box.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`)?.focus();
  };
  const onKey = (event: KeyboardEvent, path: string): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") onChoose(path);
    const step = stepOf(event.key, nodes, path);
    if (step?.kind === "go") focus(step.path);
    else if (step) toggle(step.path, step.kind === "open");
    if (step !== null || event.key === "Enter" || event.key === " ") event.preventDefault();
  };
  const holder = focused === "" || nodes.some((node) => node.path === focused) ? focused : "";
  const all: AreaNode = { path: "", label: t("tags.allAreas"), depth: 0, tags: 0, bad: 0, open: null };
  return (
    <Loaded query={areas} height={400}>
      <div className="panel area-tree" ref={box} role="tree" aria-label={t("tags.areas")}>
        {[all, ...nodes].map((node) => (
          <div
            key={node.path}
            className="area-line"
            role="treeitem"
            aria-level={node.depth + 1}
            aria-selected={node.path === chosen}
            aria-expanded={node.open ?? undefined}
            aria-label={node.path === "" ? node.label : t("tags.areaCounts", { area: node.label, count: node.tags, bad: node.bad })}
            tabIndex={node.path === holder ? 0 : -1}
            data-path={node.path}
            style={{ paddingLeft: 8 + node.depth * 16 }}
            onClick={() => {
              setFocused(node.path);
              onChoose(node.path);
            }}
            onKeyDown={(event) => onKey(event, node.path)}
          >
            <Twisty node={node} onToggle={(opened) => toggle(node.path, opened)} />
            <span className="area-name">{node.label}</span>
            {node.bad > 0 && <span className="area-bad">? {node.bad}</span>}
            {node.path !== "" && <span className="area-count">{node.tags}</span>}
          </div>
        ))}
      </div>
    </Loaded>
  );
}

/** Opens and closes by the mouse; the keyboard has the arrow keys. */
function Twisty({ node, onToggle }: { node: AreaNode; onToggle(opened: boolean): void }) {
  if (node.open === null) return <span className="area-twisty" aria-hidden />;
  return (
    <button
      type="button"
      className="plain-button area-twisty"
      tabIndex={-1}
      aria-hidden
      onClick={(event) => {
        event.stopPropagation();
        onToggle(!node.open);
      }}
    >
      {node.open ? "▾" : "▸"}
    </button>
  );
}
