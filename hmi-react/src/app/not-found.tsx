/** For an address that is not there, and for a page that failed. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useRouteError } from "react-router";
import { words } from "@/api/errors";
import { Empty } from "@/ui/page";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty title={t("notFound.title")} hint={t("notFound.hint")}>
      <p>
        <Link className="link" to="/overview">
          {t("nav.overview")}
        </Link>
      </p>
    </Empty>
  );
}

export function RouteProblem() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <Empty title={t("problem.title")} hint={words(error)}>
      <p>
        <Button variant="default" onClick={() => window.location.reload()}>
          {t("problem.reload")}
        </Button>
      </p>
    </Empty>
  );
}
