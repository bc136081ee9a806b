/** Names and values in two columns. */
import type { ReactNode } from "react";
import { MISSING } from "./format";

export type Fact = readonly [name: string, value: ReactNode];

export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value === "" || value === null || value === undefined ? MISSING : value}</dd>
        </div>
      ))}
    </dl>
  );
}
