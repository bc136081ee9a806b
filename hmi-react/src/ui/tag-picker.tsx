/** Choose a tag: type a part of its name or description, the runtime finds it. */
import { Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { tagPage } from "@/live/directory";

const SHOWN = 60;

interface Props extends Omit<SelectProps, "data" | "value" | "onChange" | "searchValue" | "onSearchChange"> {
  value: string | null;
  onChange(name: string | null): void;
  /** Not offered. */
  without?: readonly string[];
  /** Texts have no height in a trend. */
  numeric?: boolean;
}

export function TagPicker({ value, onChange, without = [], numeric = false, ...rest }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(value ?? "");
  const [search] = useDebouncedValue(text === value ? "" : text.trim(), 200);
  const { data } = useQuery({
    queryKey: ["tags", "pick", search],
    queryFn: ({ signal }) => tagPage({ search }, 0, SHOWN, signal),
    placeholderData: keepPreviousData,
  });
  const found = (data?.items ?? []).filter((tag) => !without.includes(tag.name) && !(numeric && tag.type === "string"));
  const choices = found.map((tag) => ({ value: tag.name, label: tag.description ? `${tag.name} – ${tag.description}` : tag.name }));
  if (value !== null && !found.some((tag) => tag.name === value)) choices.unshift({ value, label: value });
  return (
    <Select
      searchable
      data={choices}
      value={value}
      onChange={onChange}
      searchValue={text}
      onSearchChange={setText}
      // The runtime has filtered already.
      filter={({ options }) => options}
      nothingFoundMessage={t("tags.none")}
      {...rest}
    />
  );
}
