/** Who uses a tag, each with the way to it. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Usage } from "@/api/tags";

/** The page that shows a user of a tag, or null where there is none. */
export function pageOf(user: Pick<Usage, "kind" | "name">): string | null {
  const name = encodeURIComponent(user.name);
  if (user.kind === "tag") return `/tags/${name}`;
  if (user.kind === "alarm") return `/alarms?show=all&alarm=${name}`;
  if (user.kind === "machine") return `?machine=${name}`;
  if (user.kind === "equipment") return `/equipment?equipment=${name}`;
  const [app, screen] = user.name.split("/");
  if (user.kind === "screen" && app && screen) return `/apps/${encodeURIComponent(app)}/${encodeURIComponent(screen)}`;
  return null;
}

const KINDS = ["alarm", "tag", "machine", "screen", "equipment"] as const;
const isKind = (kind: string): kind is (typeof KINDS)[number] => (KINDS as readonly string[]).includes(kind);

interface Props {
  users: readonly Usage[];
  /** Show so many at most. */
  most?: number;
}

export function TagUsers({ users, most = Infinity }: Props) {
  const { t } = useTranslation();
  const more = users.length - most;
  return (
    <ul className="lines">
      {users.slice(0, most).map((user) => {
        const page = pageOf(user);
        return (
          <li key={`${user.kind}:${user.name}:${user.how}`}>
            <span className="muted lines-kind">{isKind(user.kind) ? t(`usage.kinds.${user.kind}`) : user.kind}</span>
            {page ? (
              <Link className="link" to={page}>
                {user.name}
              </Link>
            ) : (
              <span>{user.name}</span>
            )}
            <span className="muted">{user.how}</span>
          </li>
        );
      })}
      {more > 0 && <li className="muted">{t("usage.more", { count: more })}</li>}
    </ul>
  );
}
