/** The filters above the tag table. */
import { Button, Popover, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLinks } from "@/api/queries";
import { AddressText } from "@/ui/address-text";
import { filterOf, KINDS, MORE, moreCount, OVERRIDES, SEVERITIES, TYPES } from "./tag-filter";

interface Props {
  search: URLSearchParams;
  set(name: string, value: string | null): void;
}

export function TagTools({ search, set }: Props) {
  const { t } = useTranslation();
  const more = moreCount(filterOf(search));
  const choices = {
    kind: KINDS.map((value) => ({ value, label: t(`faceplate.kinds.${value}`) })),
    severity: SEVERITIES.map((value) => ({ value, label: value })),
    override: OVERRIDES.map((value) => ({ value, label: t(`value.${value}`) })),
  } as const;
  return (
    <>
      <AddressText
        size="xs"
        type="search"
        placeholder={t("tags.search")}
        aria-label={t("tags.search")}
        value={search.get("search") ?? ""}
        onChange={(text) => set("search", text)}
        maxLength={200}
        style={{ width: 240 }}
      />
      {(["kind", "severity", "override"] as const).map((name) => (
        <Select
          key={name}
          size="xs"
          clearable
          placeholder={t(`tags.${name}`)}
          aria-label={t(`tags.${name}`)}
          data={[...choices[name]]}
          value={search.get(name)}
          onChange={(value) => set(name, value)}
          style={{ width: 128 }}
        />
      ))}
      <Popover position="bottom-start" transitionProps={{ duration: 0 }} trapFocus>
        <Popover.Target>
          <Button size="xs" variant="default">
            {more > 0 ? t("tags.moreSet", { count: more }) : t("tags.more")}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <MoreFilters search={search} set={set} />
        </Popover.Dropdown>
      </Popover>
    </>
  );
}

function MoreFilters({ search, set }: Props) {
  const { t } = useTranslation();
  const links = useLinks().data?.items.map((link) => link.name) ?? [];
  const lists: Partial<Record<(typeof MORE)[number], readonly string[]>> = { type: TYPES, link: links };
  return (
    <div className="filter-grid">
      {MORE.map((name) => {
        const list = lists[name];
        const common = { size: "xs", label: t(`tags.${name}`) } as const;
        if (list) return <Select key={name} {...common} clearable data={[...list]} value={search.get(name)} onChange={(value) => set(name, value)} comboboxProps={{ withinPortal: false }} />;
        return (
          <AddressText
            key={name}
            {...common}
            value={search.get(name) ?? ""}
            onChange={(text) => set(name, text)}
            inputMode={name.startsWith("kp_") ? "decimal" : "text"}
            rightSection={name.startsWith("kp_") ? <span className="put-unit">km</span> : undefined}
            maxLength={128}
          />
        );
      })}
    </div>
  );
}
