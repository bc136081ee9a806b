/** New tags on a link, row by row: names, types, and what is wrong with each; made all at once. */
import { ActionIcon, Autocomplete, Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { memo, useCallback, useState, type Dispatch, type SetStateAction } from "react";
import { useTranslation } from "react-i18next";
import { mistakesOf, words, type Mistake } from "@/api/errors";
import { createTags, NEW_TAGS_MAX } from "@/api/links";
import { useTagAreas } from "@/api/tags";
import { mistakeText } from "@/ui/mistakes";
import { bodyOfTag, rowProblems, type NewTag, type NewType } from "./new-tags";

const TYPES: NewType[] = ["float", "int", "bool", "string"];

interface Props {
  link: string;
  scans: readonly string[];
  tags: readonly NewTag[];
  onTags: Dispatch<SetStateAction<NewTag[]>>;
  onMade(count: number): void;
}

export function NewTagsTable({ link, scans, tags, onTags, onMade }: Props) {
  const { t } = useTranslation();
  const areas = useTagAreas().data?.map((area) => area.path).filter(Boolean) ?? [];
  const [scan, setScan] = useState(() => (scans.includes("normal") ? "normal" : (scans[0] ?? "normal")));
  const [area, setArea] = useState("");
  const make = useMake(link, onMade);
  const { reset } = make;
  const change = useCallback(
    (at: number, patch: Partial<NewTag> | null): void => {
      onTags((now) => now.flatMap((tag, i) => (i !== at ? [tag] : patch === null ? [] : [{ ...tag, ...patch }])));
      reset();
    },
    [onTags, reset],
  );
  const problems = rowProblems(tags, mistakesOf(make.error));
  const tooMany = tags.length > NEW_TAGS_MAX;
  const ready = tags.length > 0 && !tooMany && problems.every((one) => one.own === null) && tags.every((tag) => tag.name.trim() !== "" && tag.address.trim() !== "");
  const problemText = ({ own, told }: (typeof problems)[number]): string | undefined =>
    own === null ? told.map(toldText).join("; ") || undefined : own === "name" ? t("tagForm.nameHint") : t("linkTags.twice");
  return (
    <div className="new-tags">
      <div className="link-row">
        <NativeSelect size="xs" label={t("tags.scan")} value={scan} onChange={(event) => setScan(event.currentTarget.value)} data={[...scans]} />
        <Autocomplete size="xs" label={t("tags.area")} data={areas} limit={40} value={area} onChange={setArea} maxLength={200} />
      </div>
      <ul className="new-tags-rows" aria-label={t("linkTags.title")}>
        {tags.map((tag, i) => (
          <Row key={i} at={i} tag={tag} problem={problems[i] && problemText(problems[i])} onChange={change} />
        ))}
      </ul>
      <Refused error={make.error} rows={problems.filter((one) => one.told.length > 0).length} elsewhere={hasOthers(tags, mistakesOf(make.error))} />
      {tooMany && <span className="put-error">{t("linkTags.tooMany", { count: NEW_TAGS_MAX })}</span>}
      <div className="link-tools">
        <Button size="xs" onClick={() => make.mutate(tags.map((tag) => bodyOfTag(tag, { link, scan, area })))} loading={make.isPending} disabled={!ready}>
          {t("linkTags.make", { count: tags.length })}
        </Button>
      </div>
    </div>
  );
}

function useMake(link: string, onMade: (count: number) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (bodies: ReturnType<typeof bodyOfTag>[]) => createTags(link, bodies),
    onSuccess: async (result) => {
      await Promise.all([queries.invalidateQueries({ queryKey: ["links"] }), queries.invalidateQueries({ queryKey: ["tags"] })]);
      onMade(result.added.length);
    },
  });
}

const toldText = (mistake: Mistake): string => (mistake.field && mistake.field !== "name" ? `${mistake.field}: ` : "") + mistakeText(mistake);

/** True for mistakes of which no row can tell. */
const hasOthers = (tags: readonly NewTag[], mistakes: readonly Mistake[]): boolean => {
  const subjects = new Set(tags.map((tag) => `tag ${tag.name.trim()}`));
  return mistakes.some((mistake) => !subjects.has(mistake.subject));
};

/** Why nothing was made: the words of the refusal, or the number of rows that say it themselves. */
function Refused({ error, rows, elsewhere }: { error: unknown; rows: number; elsewhere: boolean }) {
  const { t } = useTranslation();
  if (!error) return null;
  return (
    <div className="problem" role="alert">
      <span style={{ whiteSpace: "pre-line" }}>{rows === 0 || elsewhere ? words(error) : t("linkTags.wrong", { count: rows })}</span>
    </div>
  );
}

interface RowProps {
  at: number;
  tag: NewTag;
  problem: string | undefined;
  /** With null the row goes. */
  onChange(at: number, patch: Partial<NewTag> | null): void;
}

/** Drawn again only when it changes itself: there may be a thousand. */
const Row = memo(function Row({ at, tag, problem, onChange }: RowProps) {
  const { t } = useTranslation();
  const row = at + 1;
  return (
    <li className="new-tags-row">
      <TextInput size="xs" aria-label={t("linkTags.address", { row })} placeholder={t("linkTags.addressHint")} value={tag.address} onChange={(event) => onChange(at, { address: event.currentTarget.value })} maxLength={256} autoComplete="off" spellCheck={false} />
      <TextInput size="xs" aria-label={t("linkTags.name", { row })} placeholder={t("tags.name")} value={tag.name} onChange={(event) => onChange(at, { name: event.currentTarget.value })} maxLength={128} autoComplete="off" spellCheck={false} error={problem} />
      <NativeSelect size="xs" aria-label={t("linkTags.type", { row })} value={tag.type} onChange={(event) => onChange(at, { type: TYPES.find((type) => type === event.currentTarget.value) ?? tag.type })} data={TYPES} />
      <ActionIcon variant="subtle" color="gray" onClick={() => onChange(at, null)} aria-label={t("linkTags.remove", { row })}>
        ✕
      </ActionIcon>
    </li>
  );
});
