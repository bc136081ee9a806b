import { beforeEach, describe, expect, it, vi } from "vitest";
import { atLeast, SessionStore, tokenLife } from "./session";

class Memory {
  private readonly items = new Map<string, string>();
  getItem = (key: string): string | null => this.items.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.items.set(key, value);
  removeItem = (key: string): void => void this.items.delete(key);
}

const reply = { token: "t1", expires_at: 1600, user: { name: "anna", role: "operator", must_change_password: false } } as const;

describe("session", () => {
  let memory: Memory;
  let now = 0;

  beforeEach(() => {
    memory = new Memory();
    now = 1_000_000;
  });

  it("survives a reload of the page, not what is no session", () => {
    new SessionStore(memory, () => now).accept(reply);
    expect(new SessionStore(memory, () => now).get()).toMatchObject({ token: "t1", user: { name: "anna" }, lifeS: 600 });
    memory.setItem("automation.session", "{broken");
    expect(new SessionStore(memory, () => now).get()).toBeNull();
  });

  it("is renewed at half of the token's life", () => {
    const store = new SessionStore(memory, () => now);
    store.accept(reply);
    expect(store.renewInMs()).toBe(300_000);
    now += 400_000;
    expect(store.renewInMs()).toBe(1_000);
    store.clear();
    expect(store.renewInMs()).toBe(Infinity);
  });

  it("tells listeners when it ends", () => {
    const store = new SessionStore(memory, () => now);
    store.accept(reply);
    const heard = vi.fn();
    store.subscribe(heard);
    store.clear();
    store.clear();
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("reads the life from the token's own claims, so a wrong local clock does not matter", () => {
    const token = `x.${btoa(JSON.stringify({ iat: 100, exp: 1000 }))}.y`;
    expect(tokenLife(token, 5, 999_999)).toBe(900);
  });

  it("ranks roles", () => {
    expect(atLeast("supervisor", "operator")).toBe(true);
    expect(atLeast("viewer", "operator")).toBe(false);
    expect(atLeast(undefined, "viewer")).toBe(false);
  });
});
