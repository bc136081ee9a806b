/** Everything about one tag or machine, beside the page it was opened from; Escape closes it. */
import { ActionIcon, Skeleton } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useIsMissing, useTagInfo } from "@/live/directory";
import { useFaceplate, type FaceplateTarget } from "@/ui/faceplate-link";
import { MachinePanel } from "@/ui/machine-panel";
import { Empty } from "@/ui/page";
import { TagValue } from "@/ui/tag-value";
import { useLiveMachine } from "@/ui/use-machines";
import { TagDetails, TagHead } from "./tag-section";
import "./faceplate.css";

interface Props {
  target: FaceplateTarget;
  onClose(): void;
}

export default function Faceplate({ target, onClose }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLElement>(null);
  const tag = useTagInfo(target.tag);
  const missing = useIsMissing(target.tag);
  useEffect(() => {
    const before = document.activeElement;
    box.current?.focus();
    return () => {
      if (before instanceof HTMLElement || before instanceof SVGElement) before.focus();
    };
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      // A dialog above the faceplate takes the key first.
      if (event.key === "Escape" && !event.defaultPrevented && document.querySelector(".mantine-Modal-content") === null) onClose();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [onClose]);
  return (
    <aside className="faceplate" ref={box} tabIndex={-1} aria-label={t("faceplate.name", { name: target.tag ?? target.machine ?? "" })} data-testid="faceplate">
      <header className="faceplate-head">
        <div>
          <h2>{tag?.display_name || (target.tag ?? target.machine)}</h2>
          <span className="muted">
            {tag?.display_name && `${tag.name} · `}
            {tag?.description}
          </span>
          {tag && (
            <Link className="link faceplate-details" to={`/tags/${encodeURIComponent(tag.name)}`}>
              {t("faceplate.details")}
            </Link>
          )}
        </div>
        <ActionIcon variant="subtle" color="gray" size={32} onClick={onClose} aria-label={t("faceplate.close")}>
          ✕
        </ActionIcon>
      </header>
      <div className="faceplate-body">
        {missing && <Empty title={t("faceplate.unknown", { tag: target.tag ?? "" })} hint={t("faceplate.unknownHint")} />}
        {target.tag && !tag && !missing && <Skeleton height={300} aria-busy="true" />}
        {tag && <TagHead tag={tag} setpoint={target.setpoint} />}
        {target.machine && <Machine name={target.machine} />}
        <Related target={target} />
        {tag && <TagDetails tag={tag} setpoint={target.setpoint} />}
      </div>
    </aside>
  );
}

function Machine({ name }: { name: string }) {
  const machine = useLiveMachine(name);
  return machine ? <MachinePanel machine={machine} ports={false} /> : null;
}

/** Other points of the same equipment, one click away. */
function Related({ target }: { target: FaceplateTarget }) {
  const { t } = useTranslation();
  const { open } = useFaceplate();
  const all = [target.tag ?? "", ...(target.related ?? [])].filter(Boolean);
  const others = all.filter((name) => name !== target.tag);
  if (others.length === 0) return null;
  return (
    <section>
      <h3>{t("faceplate.related")}</h3>
      <ul className="faceplate-related">
        {others.map((name) => (
          <li key={name}>
            <button type="button" className="plain-button" onClick={() => open({ tag: name, machine: target.machine, related: all.filter((one) => one !== name) })}>
              <span className="link">{name}</span>
              <TagValue name={name} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
