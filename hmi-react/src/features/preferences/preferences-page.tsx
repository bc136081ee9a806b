/** How the signed-in user is shown times and values. */
import { Button, Group, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useUnits, type Quantity } from "@/api/configuration";
import { words } from "@/api/errors";
import { PREFERENCES, savePreferences, usePreferences, useTimeZones, type Preferences, type PreferencesChange } from "@/api/preferences";
import { en } from "@/i18n/en";
import { useFormKeys } from "@/ui/form-keys";
import { Loaded, Page } from "@/ui/page";
import { Unsaved } from "@/ui/unsaved";
import { quantitiesToChoose, sameWishes, unitLabel, withWish, type Wishes } from "./unit-wishes";
import "./preferences.css";

const FORM = "preferences";
const LANGUAGES = Object.entries(en.preferences.languages).map(([value, label]) => ({ value, label }));

export default function PreferencesPage() {
  const preferences = usePreferences();
  const units = useUnits();
  return (
    <Loaded query={preferences}>
      <Loaded query={units}>{preferences.data && units.data && <Form saved={preferences.data} quantities={units.data} />}</Loaded>
    </Loaded>
  );
}

function Form({ saved, quantities }: { saved: Preferences; quantities: readonly Quantity[] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const zones = useTimeZones().data ?? [];
  // Null stands for the zone of the site.
  const [zone, setZone] = useState<string | null>(saved.time_zone);
  const [language, setLanguage] = useState(saved.language);
  const [wishes, setWishes] = useState<Wishes>(saved.units);
  const save = useMutation({
    mutationFn: (change: PreferencesChange) => savePreferences(change),
    // The shell hears of it and draws everything anew.
    onSuccess: (kept) => queries.setQueryData(PREFERENCES, kept),
  });
  const navigate = useNavigate();
  const changed = zone !== saved.time_zone || language !== saved.language || !sameWishes(wishes, saved.units);
  const keep = (): void => {
    if (changed && !save.isPending) save.mutate({ time_zone: zone, language, units: { ...wishes } });
  };
  useFormKeys({ save: keep, leave: () => void navigate(-1) });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    keep();
  };
  const button = (
    <Button size="xs" type="submit" form={FORM} loading={save.isPending} disabled={!changed}>
      {t("preferences.save")}
    </Button>
  );
  return (
    <Page title={t("preferences.title")} tools={button} scroll>
      <Unsaved dirty={() => changed} />
      <form id={FORM} className="preferences" onSubmit={submit}>
        {save.error && (
          <div className="problem" role="alert">
            {words(save.error)}
          </div>
        )}
        <Group align="flex-end" gap={8}>
          <Select
            size="xs"
            label={t("preferences.zone")}
            description={t("preferences.zoneHint")}
            searchable
            limit={200}
            data={zones.includes(saved.time_zone) ? zones : [saved.time_zone, ...zones]}
            value={zone}
            placeholder={t("preferences.siteZone")}
            onChange={setZone}
            className="preferences-zone"
          />
          <Button size="xs" variant="default" disabled={zone === null} onClick={() => setZone(null)}>
            {t("preferences.siteZone")}
          </Button>
        </Group>
        <Select size="xs" label={t("preferences.language")} data={LANGUAGES} value={language} onChange={(chosen) => setLanguage(chosen ?? saved.language)} allowDeselect={false} className="preferences-zone" />
        <Units quantities={quantities} wishes={wishes} onWishes={setWishes} />
      </form>
    </Page>
  );
}

interface UnitsProps {
  quantities: readonly Quantity[];
  wishes: Wishes;
  onWishes(wishes: Wishes): void;
}

function Units({ quantities, wishes, onWishes }: UnitsProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const shown = useMemo(() => quantitiesToChoose(quantities, search), [quantities, search]);
  return (
    <section aria-label={t("preferences.units")}>
      <h2 className="preferences-head">{t("preferences.units")}</h2>
      <p className="muted">{t("preferences.unitsHint")}</p>
      <TextInput type="search" size="xs" placeholder={t("preferences.search")} aria-label={t("preferences.search")} value={search} onChange={(event) => setSearch(event.currentTarget.value)} className="preferences-search" />
      <div className="preferences-units">
        {shown.map((quantity) => (
          <Select
            key={quantity.id}
            size="xs"
            label={quantity.name}
            clearable
            searchable
            placeholder={t("preferences.asTag")}
            data={quantity.units.map((unit) => ({ value: unit.id, label: unitLabel(unit) }))}
            value={wishes[quantity.id] ?? null}
            onChange={(unit) => onWishes(withWish(wishes, quantity.id, unit ?? ""))}
          />
        ))}
      </div>
    </section>
  );
}
