/** Adds a pen: type a part of a tag's name or description. */
import { useTranslation } from "react-i18next";
import { MAX_PENS } from "@/ui/pens";
import { TagPicker } from "@/ui/tag-picker";

interface Props {
  pens: readonly string[];
  onAdd(tag: string): void;
}

export function PenPicker({ pens, onAdd }: Props) {
  const { t } = useTranslation();
  const full = pens.length >= MAX_PENS;
  return (
    <TagPicker
      key={pens.join(",")}
      size="xs"
      value={null}
      onChange={(name) => name && onAdd(name)}
      without={pens}
      numeric
      disabled={full}
      placeholder={full ? t("trends.full") : t("trends.add")}
      aria-label={t("trends.add")}
      style={{ width: 280 }}
    />
  );
}
