/** A process picture from its file: plain SVG, live, every element leads to its faceplate. */
import { createElement, memo, useCallback, useMemo, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Mimic as MimicFile, MimicElement } from "@/api/types";
import { useAlarms } from "@/live/live";
import { compareAlarms } from "@/live/alarm-order";
import { useFaceplate } from "./faceplate-link";
import { MimicCommand, type AskedCommand } from "./mimic-command";
import { ElementPlace, MimicStage } from "./mimic-stage";
import { faceplateOf, tagsOf } from "./mimic-target";
import { PriorityShape } from "./priority-icon";
import { symbolFor } from "./symbols";
import "./mimic.css";

interface Props {
  mimic: MimicFile;
  onLink(screen: string): void;
}

export function Mimic({ mimic, onLink }: Props) {
  const { open } = useFaceplate();
  const [asked, setAsked] = useState<AskedCommand | null>(null);
  const press = useCallback(
    (element: MimicElement) => {
      const target = faceplateOf(element);
      const screen = element.props?.["screen"];
      const command = element.props?.["command"];
      const machine = element.bind?.["machine"];
      if (element.type === "link" && typeof screen === "string") onLink(screen);
      else if (element.type === "button" && typeof command === "string" && machine) setAsked({ machine, command, label: element.label || command });
      else if (target) open(target);
    },
    [onLink, open],
  );
  return (
    <>
      <MimicStage width={mimic.width} height={mimic.height} label={mimic.title}>
        <defs>
          <pattern id="mimic-unknown" width={8} height={8} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width={8} height={8} fill="var(--vessel)" />
            <path d="M0 0V8" stroke="var(--text-3)" strokeWidth={3} />
          </pattern>
        </defs>
        {mimic.elements.map((element) => (
          <Element key={element.id} element={element} onPress={press} />
        ))}
      </MimicStage>
      {asked && <MimicCommand asked={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

const PASSIVE = new Set(["text", "box"]);

const Element = memo(function Element({ element, onPress }: { element: MimicElement; onPress(element: MimicElement): void }) {
  const operable = !PASSIVE.has(element.type) && (element.type === "link" || element.type === "button" || faceplateOf(element) !== null);
  // A pipe's points are positions on the screen already; all else is drawn in its own corner.
  const place = element.type === "pipe" ? "" : `translate(${element.x} ${element.y})`;
  const turn = element.rotation ? ` rotate(${element.rotation} ${element.w / 2} ${element.h / 2})` : "";
  const corner = useMemo(() => ({ x: element.x, y: element.y }), [element]);
  const body = (
    <ElementPlace value={corner}>
      {createElement(symbolFor(element.type), { element })}
      <AlarmMark element={element} />
    </ElementPlace>
  );
  if (!operable) return <g transform={place + turn}>{body}</g>;
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onPress(element);
  };
  const tags = tagsOf(element).join(", ");
  const name = `${element.label || element.type}${tags ? ` ${tags}` : ""}`;
  return (
    <g className="mimic-element" transform={place + turn} role="button" tabIndex={0} aria-label={name} data-element={element.id} onClick={() => onPress(element)} onKeyDown={onKey}>
      {element.type !== "pipe" && <rect className="mimic-hit" x={-6} y={-6} width={element.w + 12} height={element.h + 12} rx={3} />}
      {body}
    </g>
  );
});

/** The most important alarm of the element's tags, at its upper left corner. */
function AlarmMark({ element }: { element: MimicElement }) {
  const { t } = useTranslation();
  const { byTag } = useAlarms();
  const worst = tagsOf(element)
    .flatMap((tag) => byTag.get(tag) ?? [])
    .sort(compareAlarms)[0];
  if (worst === undefined || element.type === "pipe") return null;
  return (
    <g transform={element.type === "bar" ? "translate(-32 -4)" : "translate(-16 -16)"} role="img" aria-label={t("alarm.iconLabel", { priority: worst.priority, state: t(`alarm.state.${worst.state}`) })}>
      <PriorityShape priority={worst.priority} hollow={worst.state === "RTNUN"} ring={worst.state !== "ACKED"} />
      <title>{worst.message}</title>
    </g>
  );
}
