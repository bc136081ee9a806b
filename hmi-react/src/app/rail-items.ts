/** The pages there are, who may use them, and their icons (24 x 24 strokes). */
import type { RoleName } from "@/api/types";

export const RAIL = [
  { to: "/overview", label: "nav.overview", role: "viewer", icon: "M3 20V10L12 4L21 10V20H15V14H9V20Z" },
  { to: "/alarms", label: "nav.alarms", role: "viewer", icon: "M12 3L22 20H2ZM12 9V14M12 16.5V18" },
  { to: "/alarm-journal", label: "nav.alarmJournal", role: "viewer", icon: "M5 3H16L19 6V21H5ZM8 8H13M8 17.5H16M12 10L15.5 15H8.5Z" },
  { to: "/alarm-performance", label: "nav.alarmPerformance", role: "viewer", icon: "M3 21H21M6 21V15M10.5 21V6M15 21V11M19.5 21V17M3 11.5H21" },
  { to: "/trends", label: "nav.trends", role: "viewer", icon: "M3 3V21H21M6 16L10 10L14 13L20 5" },
  { to: "/dashboards", label: "nav.dashboards", role: "viewer", icon: "M3 4H10V11H3ZM14 4H21V11H14ZM3 14H21V20H3ZM6 18L10 16L14 18L18 16" },
  { to: "/tags", label: "nav.tags", role: "viewer", icon: "M4 6H20M4 12H20M4 18H20" },
  { to: "/equipment", label: "nav.equipment", role: "viewer", icon: "M4 4H11V11H4ZM4 14H11V21H4ZM14 4H21V11H14ZM14 17.5H21M17.5 14V21" },
  { to: "/machines", label: "nav.machines", role: "viewer", icon: "M5 8H19V17H5ZM9 8V5H15V8M2 12H5M19 12H22M7 17V20M17 17V20" },
  { to: "/events", label: "nav.events", role: "viewer", icon: "M5 3H16L19 6V21H5ZM8 9H16M8 13H16M8 17H13" },
  { to: "/logbook", label: "nav.logbook", role: "viewer", icon: "M6 3H19V21H6A2 2 0 0 1 4 19V5A2 2 0 0 1 6 3ZM4 17H19M9 8H15M9 12H15" },
  { to: "/replay", label: "nav.replay", role: "viewer", icon: "M4 12A8 8 0 1 0 7 5.8M4 4V9H9M12 8V12L15 14" },
  { to: "/notifications", label: "nav.notifications", role: "viewer", icon: "M6 16V11A6 6 0 0 1 18 11V16L20 18H4ZM10 21H14" },
  { to: "/connections", label: "nav.connections", role: "viewer", icon: "M5 5H11V11H5ZM13 13H19V19H13ZM8 11V16H13" },
  { to: "/linear-references", label: "nav.line", role: "viewer", icon: "M4 20C4 12 12 14 12 9S20 8 20 4M4 20A1.5 1.5 0 1 1 4.01 20ZM20 4A1.5 1.5 0 1 1 20.01 4Z" },
  { to: "/project", label: "nav.project", role: "engineer", icon: "M3 6H10L12 8H21V20H3ZM8 13L6 15L8 17M16 13L18 15L16 17M13 12L11 18" },
  { to: "/users", label: "nav.users", role: "admin", icon: "M12 4A4 4 0 1 1 11.99 4ZM4 21C4 15 20 15 20 21" },
  { to: "/system", label: "nav.system", role: "viewer", icon: "M4 5H20V16H4ZM9 20H15M12 16V20" },
] as const satisfies readonly { to: string; label: string; role: RoleName; icon: string }[];

/** For an application's own entry. */
export const APP_ICON = "M4 20V9H9V4H15V12H20V20ZM4 20H20";
