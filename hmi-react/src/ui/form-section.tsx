/** A titled part of a form. */
import type { ReactNode } from "react";
import "./form.css";

interface SectionProps {
  title: string;
  tools?: ReactNode;
  error?: string | undefined;
  children: ReactNode;
}

export function Section({ title, tools, error, children }: SectionProps) {
  return (
    <section className="panel" aria-label={title}>
      <header className="panel-head">
        <h2 className="panel-title">{title}</h2>
        {tools}
      </header>
      <div className="form-fields">
        {children}
        {error && (
          <span className="form-error form-wide" role="alert">
            {error}
          </span>
        )}
      </div>
    </section>
  );
}
