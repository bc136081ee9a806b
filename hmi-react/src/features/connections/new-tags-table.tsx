/** New tags on a link, row by row: names, types, and what is wrong with each; made all at once. */
import { ActionIcon, Autocomplete, Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mistakesOf, words } from "@/api/errors";
import { createTags } from "@/api/links";
import { useTagAreas } from "@/api/tags";
import { mistakeText } from "@/ui/mistakes";
import { bodyOfTag, NAME, type NewTag, type NewType } from "./new-tags";

const TYPES: NewType[] = ["float", "int", "bool", "string"];

interface Props {
  link: string;
  scans: readonly string[];
  tags: NewTag[];
  onTags(tags: NewTag[]): void;
  onMade(count: number): void;
}

export function NewTagsTable({ link, scans, tags, onTags, onMade }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const areas = useTagAreas().data?.map((area) => area.path).filter(Boolean) ?? [];
  const [scan, setScan] = useState(() => (scans.includes("normal") ? "normal" : (scans[0] ?? "normal")));
  const [area, setArea] = useState("");
  const make = useMutation({
    mutationFn: () => createTags(link, tags.map((tag) => bodyOfTag(tag, { link, scan, area }))),
    onSuccess: async (result) => {
      await Promise.all([queries.invalidateQueries({ queryKey: ["links"] }), queries.invalidateQueries({ queryKey: ["tags"] })]);
      onMade(result.added.length);
    },
  });
  const mistakes = mistakesOf(make.error);
  const change = (at: number, patch: Partial<NewTag>): void => {
    onTags(tags.map((tag, i) => (i === at ? { ...tag, ...patch } : tag)));
    make.reset();
  };
  const names = tags.map((tag) => tag.name.trim());
  const wrong = (tag: NewTag, at: number): string | undefined => {
    const name = tag.name.trim();
    if (name !== "" && !NAME.test(name)) return t("tagForm.nameHint");
    if (name !== "" && names.indexOf(name) !== at) return t("linkTags.twice");
    const told = mistakes.find((mistake) => mistake.subject === `tag ${name}`);
    return told && (told.field && told.field !== "name" ? `${told.field}: ` : "") + mistakeText(told);
  };
  const ready = tags.length > 0 && tags.every((tag, i) => NAME.test(tag.name.trim()) && tag.address.trim() !== "" && names.indexOf(tag.name.trim()) === i);
  return (
    <div className="new-tags">
      <div className="link-row">
        <NativeSelect size="xs" label={t("tags.scan")} value={scan} onChange={(event) => setScan(event.currentTarget.value)} data={[...scans]} />
        <Autocomplete size="xs" label={t("tags.area")} data={areas} limit={40} value={area} onChange={setArea} maxLength={200} />
      </div>
      <div className="new-tags-rows" role="table" aria-label={t("linkTags.title")}>
        {tags.map((tag, i) => (
          <div className="new-tags-row" role="row" key={i}>
            <TextInput size="xs" aria-label={t("linkTags.address", { row: i + 1 })} placeholder={t("linkTags.addressHint")} value={tag.address} onChange={(event) => change(i, { address: event.currentTarget.value })} maxLength={256} spellCheck={false} />
            <TextInput size="xs" aria-label={t("linkTags.name", { row: i + 1 })} placeholder={t("tags.name")} value={tag.name} onChange={(event) => change(i, { name: event.currentTarget.value })} maxLength={128} spellCheck={false} error={wrong(tag, i)} />
            <NativeSelect size="xs" aria-label={t("linkTags.type", { row: i + 1 })} value={tag.type} onChange={(event) => change(i, { type: event.currentTarget.value as NewType })} data={TYPES} />
            <ActionIcon variant="subtle" color="gray" onClick={() => onTags(tags.filter((_, at) => at !== i))} aria-label={t("linkTags.remove", { row: i + 1 })}>
              ✕
            </ActionIcon>
          </div>
        ))}
      </div>
      {make.error && (mistakes.length === 0 || mistakes.some((mistake) => !names.includes(mistake.subject.replace(/^tag /, "")))) && (
        <div className="problem" role="alert">
          <span style={{ whiteSpace: "pre-line" }}>{words(make.error)}</span>
        </div>
      )}
      <div className="link-tools">
        <Button size="xs" onClick={() => make.mutate()} loading={make.isPending} disabled={!ready}>
          {t("linkTags.make", { count: tags.length })}
        </Button>
      </div>
    </div>
  );
}
