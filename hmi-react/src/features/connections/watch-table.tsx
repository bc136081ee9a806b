/** What a device gives for addresses that one types, second by second, whether there are tags for them or not. */
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";
import { readAddresses, type AddressReading } from "@/api/links";
import { Badge } from "@/ui/badges";
import { formatDateTime, MISSING } from "@/ui/format";

const EVERY_MS = 1_000;
const MOST = 32;
const key = (link: string): string => `watch:${link}`;

/** The addresses that were watched last on this machine. */
function kept(link: string): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key(link)) ?? "[]");
    return Array.isArray(found) ? found.filter((one): one is string => typeof one === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function WatchTable({ link }: { link: string }) {
  const { t } = useTranslation();
  const [addresses, setAddresses] = useState(() => kept(link));
  const [text, setText] = useState("");
  const [paused, setPaused] = useState(false);
  const query = useQuery({
    queryKey: ["watch", link, addresses],
    queryFn: ({ signal }) => readAddresses(link, addresses, signal),
    enabled: addresses.length > 0 && !paused,
    refetchInterval: EVERY_MS,
    refetchIntervalInBackground: false,
    retry: false,
    gcTime: 0,
  });
  const watch = (next: string[]): void => {
    setAddresses(next);
    localStorage.setItem(key(link), JSON.stringify(next));
  };
  const add = (event: FormEvent): void => {
    event.preventDefault();
    const fresh = text.split(/[\s;]+/).map((one) => one.trim()).filter((one) => one && !addresses.includes(one));
    if (fresh.length > 0) watch([...addresses, ...fresh].slice(0, MOST));
    setText("");
  };
  const byAddress = new Map(query.data?.map((one) => [one.address, one]));
  return (
    <section aria-label={t("linkWatch.title")}>
      <h3>{t("linkWatch.title")}</h3>
      <form className="link-row" onSubmit={add}>
        <TextInput size="xs" aria-label={t("linkWatch.address")} placeholder={t("linkWatch.address")} value={text} onChange={(event) => setText(event.currentTarget.value)} maxLength={2000} autoComplete="off" spellCheck={false} />
        <Button size="xs" variant="default" type="submit" disabled={text.trim() === "" || addresses.length >= MOST}>
          {t("linkWatch.add")}
        </Button>
        {addresses.length > 0 && (
          <Button size="xs" variant="default" onClick={() => setPaused(!paused)} aria-pressed={paused}>
            {paused ? t("linkWatch.resume") : t("linkWatch.pause")}
          </Button>
        )}
      </form>
      {query.error && (
        <div className="problem" role="alert">
          {words(query.error)}
        </div>
      )}
      {addresses.length > 0 && (
        <table className="watch" aria-label={t("linkWatch.title")}>
          <tbody>
            {addresses.map((address) => (
              <Line key={address} address={address} reading={query.error ? undefined : byAddress.get(address)} onRemove={() => watch(addresses.filter((one) => one !== address))} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

interface LineProps {
  address: string;
  reading: AddressReading | undefined;
  onRemove(): void;
}

function Line({ address, reading, onRemove }: LineProps) {
  const { t } = useTranslation();
  const bad = reading !== undefined && reading.severity !== "GOOD";
  return (
    <tr>
      <th scope="row" className="mono">
        {address}
      </th>
      <td className="watch-value" title={reading?.source_time ? formatDateTime(reading.source_time) : undefined}>
        {bad && <Badge kind="bad" label={reading.reason} />} {reading === undefined || reading.value === null ? MISSING : String(reading.value)}
        {reading?.error && <div className="put-error">{reading.error}</div>}
      </td>
      <td>
        <ActionIcon variant="subtle" color="gray" size="sm" onClick={onRemove} aria-label={t("linkWatch.remove", { address })}>
          ✕
        </ActionIcon>
      </td>
    </tr>
  );
}
