/** Asks where a kilometre post of a segment is. */
import { Button, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { locate, type Position, type Segment } from "@/api/linear-references";
import { Facts } from "@/ui/facts";
import { degrees, kmText, typedNumber } from "./point-draft";

interface Props {
  segments: readonly Segment[];
  /** The one that is looked at; empty for all. */
  segment: string;
}

export function LocateBox({ segments, segment }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(segment);
  const [text, setText] = useState("");
  const find = useMutation({ mutationFn: ({ of, km }: { of: string; km: number }) => locate(of, km) });
  const km = typedNumber(text);
  const reach = segments.find((one) => one.name === name);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name !== "" && Number.isFinite(km)) find.mutate({ of: name, km });
  };
  return (
    <section aria-label={t("line.locate")}>
      <h2 className="references-head">{t("line.locate")}</h2>
      <form className="references-locate" onSubmit={submit}>
        {segment === "" && <Select size="xs" searchable label={t("line.segment")} data={segments.map((one) => one.name)} value={name || null} onChange={(chosen) => setName(chosen ?? "")} />}
        <TextInput
          size="xs"
          label={t("line.km")}
          description={reach && t("line.reach", { start: kmText(reach.start), end: kmText(reach.end) })}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          inputMode="decimal"
          maxLength={40}
          autoComplete="off"
          error={text !== "" && !Number.isFinite(km)}
          rightSection={<span className="put-unit">km</span>}
          rightSectionPointerEvents="none"
        />
        <Button size="xs" type="submit" variant="default" loading={find.isPending} disabled={name === "" || !Number.isFinite(km)}>
          {t("line.find")}
        </Button>
      </form>
      {find.error && (
        <div className="problem" role="alert">
          {words(find.error)}
        </div>
      )}
      {find.data && !find.isPending && <Found position={find.data} />}
    </section>
  );
}

function Found({ position }: { position: Position }) {
  const { t } = useTranslation();
  const [before, after] = position.between;
  const span = before.id === after.id ? t("line.atPoint", { km: kmText(before.km) }) : t("line.betweenPoints", { a: kmText(before.km), b: kmText(after.km) });
  return (
    <div role="status">
      <Facts
        facts={[
          [t("line.latitude"), `${degrees(position.latitude)}°`],
          [t("line.longitude"), `${degrees(position.longitude)}°`],
          [t("line.elevation"), position.elevation === null ? "–" : `${position.elevation.toFixed(2).replace("-", "\u2212")} m`],
          [t("line.reckoned"), span],
        ]}
      />
    </div>
  );
}
