/** The signed-in user and the token, kept for this browser tab and renewed before it ends. */
import type { LoginReply, RoleName, User } from "./types";

const KEY = "automation.session";
const RANK: Record<RoleName, number> = { viewer: 1, operator: 2, supervisor: 3, engineer: 4, admin: 5 };

export interface Session {
  token: string;
  user: User;
  /** Local time, in ms, at which the token was received. */
  receivedAt: number;
  /** Seconds for which the token is good from then. */
  lifeS: number;
}

type Listener = () => void;

/** Seconds a token lives: from its own claims, so that a browser with a wrong clock renews in time too. */
export function tokenLife(token: string, expiresAt: number, nowS: number): number {
  try {
    const body = token.split(".")[1] ?? "";
    const claims = JSON.parse(atob(body.replaceAll("-", "+").replaceAll("_", "/"))) as { exp?: number; iat?: number };
    if (typeof claims.exp === "number" && typeof claims.iat === "number" && claims.exp > claims.iat) return claims.exp - claims.iat;
  } catch {
    // An opaque token has no claims to read; the reply's own figure serves then.
  }
  return Math.max(expiresAt - nowS, 0);
}

/** Holds one session and tells listeners when it changes. */
export class SessionStore {
  private current: Session | null;
  private readonly listeners = new Set<Listener>();

  constructor(
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
    private readonly now: () => number = Date.now,
  ) {
    this.current = this.read();
  }

  readonly get = (): Session | null => this.current;

  readonly subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Take over what a login, refresh or password change gave. */
  accept(reply: LoginReply): void {
    const now = this.now();
    this.set({ token: reply.token, user: reply.user, receivedAt: now, lifeS: tokenLife(reply.token, reply.expires_at, now / 1000) });
  }

  /** Forget the session; the shell then shows the login page. */
  clear(): void {
    if (this.current !== null) this.set(null);
  }

  /** Milliseconds until the token should be renewed: at half of its life, at least a second from now. */
  renewInMs(): number {
    if (this.current === null) return Infinity;
    const due = this.current.receivedAt + this.current.lifeS * 500;
    return Math.min(Math.max(due - this.now(), 1000), 2_000_000_000);
  }

  private set(session: Session | null): void {
    this.current = session;
    if (session === null) this.storage.removeItem(KEY);
    else this.storage.setItem(KEY, JSON.stringify(session));
    for (const listener of this.listeners) listener();
  }

  private read(): Session | null {
    try {
      const session = JSON.parse(this.storage.getItem(KEY) ?? "null") as Session | null;
      return session !== null && typeof session.token === "string" && typeof session.user?.name === "string" ? session : null;
    } catch {
      return null;
    }
  }
}

/** True if the role ranks at least as high as the needed one. */
export function atLeast(role: RoleName | undefined, needed: RoleName): boolean {
  return role !== undefined && RANK[role] >= RANK[needed];
}

export const session = new SessionStore(window.sessionStorage);
