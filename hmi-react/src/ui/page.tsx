/** The frame of a page, and what it shows when there is nothing or something went wrong. */
import { Button, Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { words } from "@/api/errors";

interface PageProps {
  title: string;
  note?: ReactNode;
  tools?: ReactNode;
  scroll?: boolean;
  children: ReactNode;
}

export function Page({ title, note, tools, scroll = false, children }: PageProps) {
  return (
    <section className="page" aria-label={title}>
      <header className="page-head">
        <h1 className="page-title">{title}</h1>
        {note && <span className="page-note">{note}</span>}
        {tools && <div className="page-tools">{tools}</div>}
      </header>
      <div className={scroll ? "page-body page-scroll" : "page-body"}>{children}</div>
    </section>
  );
}

/** Says what is missing and what to do next. */
export function Empty({ title, hint, children }: { title: string; hint?: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {hint}
      {children}
    </div>
  );
}

export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="problem" role="alert">
      <span>{words(error)}</span>
      {retry && (
        <Button size="xs" variant="default" onClick={retry}>
          {t("common.retry")}
        </Button>
      )}
    </div>
  );
}

interface LoadingQuery {
  isPending: boolean;
  error: unknown;
  refetch: () => unknown;
}

/** Skeleton while loading, the problem if it failed, else the content. */
export function Loaded({ query, children, height = 240 }: { query: LoadingQuery; children: ReactNode; height?: number }) {
  if (query.isPending) return <Skeleton height={height} radius="xs" aria-busy="true" />;
  if (query.error) return <Problem error={query.error} retry={() => void query.refetch()} />;
  return <>{children}</>;
}
