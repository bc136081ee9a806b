/** Equipment types and the equipment made of them: chosen at the left, shown and changed at the right. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useMay } from "@/api/auth";
import { useEquipment, useTypes, type ObjectView } from "@/api/configuration";
import { Empty, Loaded, Page } from "@/ui/page";
import { EquipmentForm } from "./equipment-form";
import { EquipmentView } from "./equipment-view";
import { textOf, WORDS } from "./parameters";
import { TypeView } from "./type-view";
import "./equipment.css";

type What = (typeof WORDS)[number];

export default function EquipmentPage() {
  const { t } = useTranslation();
  const mayEdit = useMay("engineer");
  const [search, setSearch] = useSearchParams();
  const types = useTypes();
  const equipment = useEquipment();
  const show = (what: What, name: string | null): void =>
    setSearch((now) => {
      for (const one of WORDS) now.delete(one);
      if (name !== null) now.set(what, name);
      return now;
    });
  const [chosen, type, fresh] = WORDS.map((name) => search.get(name));
  const tools = mayEdit && (
    <>
      <Button size="xs" onClick={() => show("new", "equipment")} disabled={!types.data?.length}>
        {t("equipment.new")}
      </Button>
      <Button size="xs" variant="default" onClick={() => show("new", "type")}>
        {t("equipment.newType")}
      </Button>
    </>
  );
  return (
    <Page title={t("nav.equipment")} tools={tools}>
      <Loaded query={types.error ? types : equipment} height={500}>
        <div className="equipment">
          <List types={types.data ?? []} equipment={equipment.data ?? []} chosen={chosen ? `equipment:${chosen}` : `type:${type ?? ""}`} onChoose={show} />
          <div className="equipment-main">
            {chosen && <EquipmentView key={chosen} name={chosen} onGone={() => show("equipment", null)} />}
            {type && <TypeView key={type} type={types.data?.find((one) => one.name === type)} onSaved={(name) => show("type", name)} />}
            {fresh === "equipment" && <EquipmentForm body={{}} seen={null} onSaved={(name) => show("equipment", name)} onCancel={() => show("new", null)} />}
            {fresh === "type" && <TypeView type={undefined} isNew onSaved={(name) => show("type", name)} />}
            {!chosen && !type && !fresh && <Empty title={t("equipment.none")} hint={t("equipment.noneHint")} />}
          </div>
        </div>
      </Loaded>
    </Page>
  );
}

interface ListProps {
  types: readonly ObjectView[];
  equipment: readonly ObjectView[];
  chosen: string;
  onChoose(what: What, name: string): void;
}

/** Each type with the equipment made of it. */
function List({ types, equipment, chosen, onChoose }: ListProps) {
  const { t } = useTranslation();
  const entry = (what: "equipment" | "type", object: ObjectView) => (
    <button key={object.name} type="button" className="plain-button equipment-entry" data-kind={what} aria-current={chosen === `${what}:${object.name}`} onClick={() => onChoose(what, object.name)}>
      <span>{object.name}</span>
      <span className="muted">{textOf(object.body["description"])}</span>
      {object.edited && <span title={t("detail.editedHint")}>✎</span>}
    </button>
  );
  return (
    <nav className="panel equipment-list" aria-label={t("nav.equipment")}>
      {types.map((type) => (
        <div key={type.name} role="group" aria-label={type.name}>
          {entry("type", type)}
          {equipment.filter((one) => one.body["type"] === type.name).map((one) => entry("equipment", one))}
        </div>
      ))}
      {types.length === 0 && <div className="empty">{t("equipment.noTypes")}</div>}
    </nav>
  );
}
