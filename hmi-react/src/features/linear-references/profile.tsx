/** The elevation of a segment over its kilometre posts; the chart code is fetched when first needed. */
import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useProfile } from "@/api/linear-references";

const ProfileChart = lazy(() => import("./profile-chart"));

export function Profile({ segment }: { segment: string }) {
  const { t } = useTranslation();
  const points = useProfile(segment).data ?? [];
  if (points.filter((point) => point.elevation !== null).length < 2) return null;
  return (
    <section aria-label={t("line.profile", { segment })}>
      <h2 className="references-head">{t("line.profile", { segment })}</h2>
      <div className="references-profile">
        <Suspense fallback={<Skeleton height="100%" />}>
          <ProfileChart points={points} />
        </Suspense>
      </div>
    </section>
  );
}
