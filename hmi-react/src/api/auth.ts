/** Signing in, staying signed in, changing the password. */
import { useSyncExternalStore } from "react";
import { call, post } from "./client";
import { ApiError } from "./errors";
import { atLeast, session, type Session } from "./session";
import type { LoginReply, RoleName } from "./types";

export async function login(username: string, password: string): Promise<void> {
  session.accept(await post<LoginReply>("/api/auth/login", { username, password }));
}

export async function changePassword(oldPassword: string, newPassword: string): Promise<void> {
  session.accept(await post<LoginReply>("/api/auth/password", { old_password: oldPassword, new_password: newPassword }));
}

/** End the session here and at the runtime; here also when the runtime cannot be reached. */
export async function signOut(): Promise<void> {
  try {
    await post("/api/auth/logout", {}, 3_000);
  } catch {
    // Its token ends by itself.
  }
  session.clear();
}

/** A token of this moment, which some commands want. */
export async function freshen(): Promise<void> {
  session.accept(await call<LoginReply>("/api/auth/refresh", { method: "POST", body: {} }));
}

/** Renew the token for as long as the page is open; gives a function that ends it. */
export function keepSignedIn(): () => void {
  let timer: number | undefined;
  const arm = (): void => {
    window.clearTimeout(timer);
    if (session.get() !== null) timer = window.setTimeout(() => void renew(), session.renewInMs());
  };
  const renew = async (): Promise<void> => {
    try {
      await freshen();
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) timer = window.setTimeout(() => void renew(), 10_000);
    }
  };
  const stop = session.subscribe(arm);
  arm();
  return () => {
    stop();
    window.clearTimeout(timer);
  };
}

export function useSession(): Session | null {
  return useSyncExternalStore(session.subscribe, session.get);
}

/** True if the signed-in user's role ranks at least as high. The runtime decides; this only shapes what is offered. */
export function useMay(needed: RoleName): boolean {
  return atLeast(useSession()?.user.role, needed);
}
