/** What a device gives for addresses that one types, second by second, whether there are tags for them or not. */
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState, type ClipboardEvent, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { readAddresses, type AddressReading } from "@/api/links";
import { MISSING } from "@/ui/format";
import { ReadingValue, readingTime } from "./reading";
import { useOnScreen } from "./use-on-screen";
import { addressesIn, MOST, useWatched, withMore } from "./watched";

const EVERY_MS = 1_000;

export function WatchTable({ link }: { link: string }) {
  const { t } = useTranslation();
  const [addresses, watch] = useWatched(link);
  const [paused, setPaused] = useState(false);
  const [open, setOpen] = useState(true);
  const [section, seen] = useOnScreen<HTMLDetailsElement>();
  const query = useQuery({
    queryKey: ["watch", link, addresses],
    queryFn: ({ signal }) => readAddresses(link, addresses, signal),
    // A device is asked only for what somebody looks at.
    enabled: addresses.length > 0 && !paused && open && seen,
    refetchInterval: EVERY_MS,
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  const readings = new Map(query.error ? [] : query.data?.map((one) => [one.address, one]));
  return (
    <details className="link-watch" ref={section} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("linkWatch.title")}</summary>
      <div className="link-watch-body">
        <NewAddress addresses={addresses} onWatch={watch} />
        {addresses.length > 0 && (
          <Button size="compact-xs" variant="default" className="link-start" onClick={() => setPaused(!paused)} aria-pressed={paused}>
            {paused ? t("linkWatch.resume") : t("linkWatch.pause")}
          </Button>
        )}
        {query.error && (
          <div className="problem" role="alert">
            {words(query.error)}
          </div>
        )}
        {addresses.length > 0 && <Readings addresses={addresses} readings={readings} onRemove={(gone) => watch(addresses.filter((one) => one !== gone))} />}
      </div>
    </details>
  );
}

function NewAddress({ addresses, onWatch }: { addresses: readonly string[]; onWatch(addresses: string[]): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const full = addresses.length >= MOST;
  const add = (event: FormEvent): void => {
    event.preventDefault();
    onWatch(withMore(addresses, addressesIn(text)));
    setText("");
  };
  const paste = (event: ClipboardEvent): void => {
    const pasted = addressesIn(event.clipboardData.getData("text"));
    if (pasted.length < 2) return;
    // A column of a table: a field of one line would run its lines together.
    event.preventDefault();
    onWatch(withMore(addresses, pasted));
  };
  return (
    <>
      <form className="link-row" onSubmit={add}>
        <TextInput size="xs" aria-label={t("linkWatch.address")} placeholder={t("linkWatch.address")} value={text} onChange={(event) => setText(event.currentTarget.value)} onPaste={paste} maxLength={500} autoComplete="off" spellCheck={false} />
        <Button size="xs" variant="default" type="submit" disabled={text.trim() === "" || full}>
          {t("linkWatch.add")}
        </Button>
      </form>
      {full && <span className="muted">{t("linkWatch.full", { count: MOST })}</span>}
    </>
  );
}

interface ReadingsProps {
  addresses: readonly string[];
  readings: ReadonlyMap<string, AddressReading>;
  onRemove(address: string): void;
}

function Readings({ addresses, readings, onRemove }: ReadingsProps) {
  const { t } = useTranslation();
  return (
    <table className="watch" aria-label={t("linkWatch.title")}>
      <thead>
        <tr>
          <th scope="col">{t("linkTags.addressHint")}</th>
          <th scope="col" className="watch-value-head">
            {t("tags.value")}
          </th>
          <th scope="col">{t("tags.time")}</th>
          <th scope="col">
            <span className="visually-hidden">{t("linkWatch.removal")}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {addresses.map((address) => (
          <Line key={address} address={address} reading={readings.get(address)} onRemove={() => onRemove(address)} />
        ))}
      </tbody>
    </table>
  );
}

interface LineProps {
  address: string;
  reading: AddressReading | undefined;
  onRemove(): void;
}

function Line({ address, reading, onRemove }: LineProps) {
  const { t } = useTranslation();
  return (
    <tr>
      <th scope="row" className="mono">
        {address}
      </th>
      <td className="watch-value">
        {reading ? <ReadingValue reading={reading} /> : MISSING}
        {reading?.error && <div className="put-error">{reading.error}</div>}
      </td>
      <td className="watch-time">{readingTime(reading?.source_time)}</td>
      <td>
        <ActionIcon variant="subtle" color="gray" size="sm" onClick={onRemove} aria-label={t("linkWatch.remove", { address })}>
          ✕
        </ActionIcon>
      </td>
    </tr>
  );
}
