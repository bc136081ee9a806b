/** One part of the page, with its title. */
import type { ReactNode } from "react";

export function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="panel" aria-label={title}>
      <header className="panel-head">
        <h2 className="panel-title">{title}</h2>
      </header>
      <div className="stack">{children}</div>
    </section>
  );
}

/** A state in words, marked if it is bad. */
export function StateWord({ bad, children }: { bad: boolean; children: string }) {
  return bad ? <span className="chip chip-bad">! {children}</span> : <>{children}</>;
}
