/** Which address shows which page; each page is fetched when first opened. */
import type { ComponentType } from "react";
import { createBrowserRouter, Navigate } from "react-router";
import { NotFound, RouteProblem } from "./not-found";
import { Shell } from "./shell";

type PageModule = { default: ComponentType };

const lazily = (load: () => Promise<PageModule>) => async () => ({ Component: (await load()).default });

export const router = createBrowserRouter([
  {
    path: "/",
    element: <Shell />,
    errorElement: <RouteProblem />,
    hydrateFallbackElement: <></>,
    children: [
      {
        errorElement: <RouteProblem />,
        children: [
          { index: true, element: <Navigate to="/overview" replace /> },
          { path: "overview", lazy: lazily(() => import("@/features/overview/overview-page")) },
          { path: "apps/:app/:screen?", lazy: lazily(() => import("@/features/overview/overview-page")) },
          { path: "alarms", lazy: lazily(() => import("@/features/alarms/alarms-page")) },
          { path: "alarms/new", lazy: lazily(() => import("@/features/alarms/alarm-form-page")) },
          { path: "alarms/:name/edit", lazy: lazily(() => import("@/features/alarms/alarm-form-page")) },
          { path: "alarm-journal", lazy: lazily(() => import("@/features/alarm-journal/journal-page")) },
          { path: "alarm-performance", lazy: lazily(() => import("@/features/alarm-analytics/analytics-page")) },
          { path: "notifications", lazy: lazily(() => import("@/features/notifications/notifications-page")) },
          { path: "replay", lazy: lazily(() => import("@/features/replay/replay-page")) },
          { path: "trends", lazy: lazily(() => import("@/features/trends/trends-page")) },
          { path: "dashboards", lazy: lazily(() => import("@/features/dashboards/dashboards-page")) },
          { path: "dashboards/:id", lazy: lazily(() => import("@/features/dashboards/dashboard-page")) },
          { path: "tags", lazy: lazily(() => import("@/features/tags/tags-page")) },
          { path: "tags/new", lazy: lazily(() => import("@/features/tags/form-page")) },
          { path: "tags/import", lazy: lazily(() => import("@/features/tags/import-page")) },
          { path: "tags/:name", lazy: lazily(() => import("@/features/tags/detail-page")) },
          { path: "tags/:name/edit", lazy: lazily(() => import("@/features/tags/form-page")) },
          { path: "equipment", lazy: lazily(() => import("@/features/equipment/equipment-page")) },
          { path: "project", lazy: lazily(() => import("@/features/project/project-page")) },
          { path: "machines", lazy: lazily(() => import("@/features/machines/machines-page")) },
          { path: "events", lazy: lazily(() => import("@/features/events/events-page")) },
          { path: "logbook", lazy: lazily(() => import("@/features/logbook/logbook-page")) },
          { path: "connections", lazy: lazily(() => import("@/features/connections/connections-page")) },
          { path: "connections/new", lazy: lazily(() => import("@/features/connections/link-form-page")) },
          { path: "connections/:name/edit", lazy: lazily(() => import("@/features/connections/link-form-page")) },
          { path: "linear-references", lazy: lazily(() => import("@/features/linear-references/references-page")) },
          { path: "preferences", lazy: lazily(() => import("@/features/preferences/preferences-page")) },
          { path: "users", lazy: lazily(() => import("@/features/users/users-page")) },
          { path: "system", lazy: lazily(() => import("@/features/system/system-page")) },
          { path: "*", element: <NotFound /> },
        ],
      },
    ],
  },
]);
