/** One equipment: its faceplate, its parameters, and the tags, alarms and machines that were made of it. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "@/api/auth";
import { deleteObject, useEquipmentItem, type EquipmentView as Item } from "@/api/configuration";
import { AskDialog } from "@/ui/ask-dialog";
import { useFaceplate } from "@/ui/faceplate-link";
import { Facts, type Fact } from "@/ui/facts";
import { MachinePanel } from "@/ui/machine-panel";
import { Loaded } from "@/ui/page";
import { TagValue } from "@/ui/tag-value";
import { useAddress } from "@/ui/use-address";
import { useLiveMachines } from "@/ui/use-machines";
import { EquipmentForm } from "./equipment-form";
import { ObjectHead } from "./object-head";
import { partOf, textOf } from "./parameters";

export function EquipmentView({ name, onGone }: { name: string; onGone(): void }) {
  const query = useEquipmentItem(name);
  return <Loaded query={query}>{query.data && <One item={query.data} onGone={onGone} />}</Loaded>;
}

function One({ item, onGone }: { item: Item; onGone(): void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const mayEdit = useMay("engineer");
  // In the address, so that leaving the form is asked about while it has changes.
  const [search, setWord] = useAddress();
  const editing = mayEdit && search.has("edit");
  const stop = (): void => setWord("edit", null);
  const [deleting, setDeleting] = useState(false);
  const { body } = item;
  const facts: Fact[] = [
    [t("equipment.type"), <Link key="type" className="link" to={`?type=${encodeURIComponent(textOf(body["type"]))}`}>{textOf(body["type"])}</Link>],
    [t("tags.area"), textOf(body["area"])],
    [t("tags.owner"), item.owner],
    ...Object.entries(partOf(body["parameters"])).map(([parameter, value]): Fact => [parameter, textOf(value)]),
  ];
  if (editing) return <EquipmentForm key={item.hash} body={body} seen={item.hash} onSaved={stop} onCancel={stop} />;
  return (
    <>
      <section className="panel" aria-label={item.name}>
        <ObjectHead name={item.name} description={textOf(body["description"])} edited={item.edited} onEdit={() => setWord("edit", "1")} onDelete={() => setDeleting(true)} />
        <div className="stack">
          <Facts facts={facts} />
        </div>
      </section>
      <Points item={item} />
      <Logic names={item.machines} />
      {deleting && (
        <AskDialog
          title={t("equipment.deleteTitle", { name: item.name })}
          hint={t("equipment.deleteHint", { tags: item.tags.length, alarms: item.alarms.length, machines: item.machines.length })}
          action={t("detail.delete")}
          act={async () => {
            await deleteObject("equipment", item.name, item.hash);
            await queries.invalidateQueries({ queryKey: ["equipment"], exact: true });
            onGone();
          }}
          onClose={() => setDeleting(false)}
        />
      )}
    </>
  );
}

/** Its tags live: those of the faceplate first, under their labels. */
function Points({ item }: { item: Item }) {
  const { t } = useTranslation();
  const { open } = useFaceplate();
  const labelled = new Map(item.faceplate.map((line) => [line.tag, line.label]));
  const tags = [...labelled.keys(), ...item.tags.filter((tag) => !labelled.has(tag))];
  return (
    <section className="panel" aria-label={t("equipment.points")}>
      <table className="plain-table">
        <thead>
          <tr>
            <th>{t("tags.name")}</th>
            <th>{t("equipment.label")}</th>
            <th className="number">{t("tags.value")}</th>
          </tr>
        </thead>
        <tbody>
          {tags.map((tag) => (
            <tr key={tag}>
              <td>
                <button type="button" className="plain-button link" onClick={() => open({ tag, related: tags.filter((one) => one !== tag).slice(0, 12) })}>
                  {tag}
                </button>
              </td>
              <td>{labelled.get(tag)}</td>
              <td className="number">
                <TagValue name={tag} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {item.alarms.length > 0 && (
        <ul className="lines" style={{ padding: "0 8px" }} aria-label={t("nav.alarms")}>
          {item.alarms.map((alarm) => (
            <li key={alarm}>
              <span className="muted lines-kind">{t("usage.kinds.alarm")}</span>
              <Link className="link" to={`/alarms?show=all&alarm=${encodeURIComponent(alarm)}`}>
                {alarm}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Its machines live, as on the page of all machines. */
function Logic({ names }: { names: readonly string[] }) {
  const machines = useLiveMachines();
  return (
    <div className="machines">
      {machines
        .filter((machine) => names.includes(machine.name))
        .map((machine) => (
          <MachinePanel key={machine.name} machine={machine} />
        ))}
    </div>
  );
}
