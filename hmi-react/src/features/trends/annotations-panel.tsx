/** The annotations of what is shown, as a list below the chart: whose row is pointed at or has the keyboard is shown in the chart. */
import { ActionIcon } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { removeAnnotation, type Annotation } from "@/api/annotations";
import { useMay } from "@/api/auth";
import { AskDialog } from "@/ui/ask-dialog";
import { formatDateTime } from "@/ui/format";
import { AnnotationDialog } from "./annotation-dialog";
import { draftOfAnnotation } from "./annotation-draft";
import type { Annotations } from "./use-annotations";

interface Props {
  annotations: Annotations;
  pens: readonly string[];
  /** Look at the time of one. */
  onLook(annotation: Annotation): void;
}

/** When it was: an instant, or from and to, of which the day is said once. */
export function whenOf({ time, end }: Annotation): string {
  const from = formatDateTime(time);
  if (end === null) return from;
  const to = formatDateTime(end);
  const [day = "", clock = ""] = to.split(" ");
  return `${from} – ${from.startsWith(day) ? clock : to}`;
}

export function AnnotationsPanel({ annotations, pens, onLook }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [removing, setRemoving] = useState<Annotation | null>(null);
  const { items, draft, write } = annotations;
  return (
    <>
      {items.length > 0 && (
        <section className="panel trends-notes" aria-label={t("trends.annotations.title")}>
          <ol className="lines">
            {items.map((one, at) => (
              <Row key={one.id} one={one} number={at + 1} pens={pens} annotations={annotations} onLook={onLook} onRemove={setRemoving} />
            ))}
          </ol>
        </section>
      )}
      {draft && <AnnotationDialog begun={draft} pens={pens} onClose={() => write(null)} />}
      {removing && (
        <AskDialog
          title={t("trends.annotations.removeTitle")}
          hint={`${whenOf(removing)}: ${removing.text}`}
          action={t("trends.annotations.remove")}
          act={async () => {
            await removeAnnotation(removing.id);
            await queries.invalidateQueries({ queryKey: ["annotations"] });
          }}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  );
}

interface RowProps extends Props {
  one: Annotation;
  number: number;
  onRemove(one: Annotation): void;
}

function Row({ one, number, pens, annotations, onLook, onRemove }: RowProps) {
  const { t } = useTranslation();
  const operator = useMay("operator");
  const { open, show, write } = annotations;
  const of = one.tags.length === pens.length && pens.every((pen) => one.tags.includes(pen)) ? "" : one.tags.join(", ");
  return (
    <li data-open={open === one.id}>
      <button
        type="button"
        className="plain-button trends-note"
        title={t("trends.annotations.look")}
        onClick={() => onLook(one)}
        onFocus={() => show(one.id)}
        onBlur={() => show(null)}
        onMouseEnter={() => show(one.id)}
        onMouseLeave={() => show(null)}
      >
        <b>{number}</b>
        <span className="trends-note-when">{whenOf(one)}</span>
        <span className="trends-note-text">{one.text}</span>
        <span className="muted">
          {[of, one.author, one.changed !== null && t("trends.annotations.changed", { name: one.changed_by })].filter(Boolean).join(" · ")}
        </span>
      </button>
      {operator && (
        <>
          <ActionIcon size={24} variant="subtle" color="gray" onClick={() => write(draftOfAnnotation(one))} aria-label={t("trends.annotations.edit", { number })} title={t("trends.annotations.edit", { number })}>
            ✎
          </ActionIcon>
          <ActionIcon size={24} variant="subtle" color="gray" onClick={() => onRemove(one)} aria-label={t("trends.annotations.removeOne", { number })} title={t("trends.annotations.removeOne", { number })}>
            ✕
          </ActionIcon>
        </>
      )}
    </li>
  );
}
