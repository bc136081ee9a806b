/** Adds a pen: type a part of a tag's name or description. */
import { Select } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useTags } from "@/api/queries";
import { MAX_PENS } from "@/ui/pens";

interface Props {
  pens: readonly string[];
  onAdd(tag: string): void;
}

export function PenPicker({ pens, onAdd }: Props) {
  const { t } = useTranslation();
  const { data: tags } = useTags();
  const choices = useMemo(
    () => (tags ?? []).filter((tag) => tag.type !== "string" && !pens.includes(tag.name)).map((tag) => ({ value: tag.name, label: tag.description ? `${tag.name} – ${tag.description}` : tag.name })),
    [tags, pens],
  );
  return (
    <Select
      key={pens.join(",")}
      size="xs"
      searchable
      limit={60}
      data={choices}
      value={null}
      onChange={(value) => value && onAdd(value)}
      disabled={pens.length >= MAX_PENS}
      placeholder={pens.length >= MAX_PENS ? t("trends.full") : t("trends.add")}
      aria-label={t("trends.add")}
      nothingFoundMessage={t("tags.none")}
      style={{ width: 280 }}
    />
  );
}
