import { beforeEach, describe, expect, it, vi } from "vitest";
import { Connection, SILENCE_MS } from "./connection";

describe("connection state", () => {
  let now = 0;
  let connection: Connection;
  const pass = (ms: number): void => {
    now += ms;
    connection.check();
  };

  beforeEach(() => {
    now = 0;
    connection = new Connection(
      () => now,
      () => 1_000_000 + now,
    );
  });

  const goLive = (): void => {
    connection.opened();
    connection.snapshotTaken();
  };

  it("is not live before the snapshot has been taken", () => {
    connection.opened();
    expect(connection.get().state).toBe("connecting");
    connection.snapshotTaken();
    expect(connection.get()).toEqual({ state: "live", seconds: 0 });
  });

  it("stops being live within two seconds of silence, though the socket says it is open", () => {
    goLive();
    pass(1000);
    expect(connection.isLive()).toBe(true);
    pass(SILENCE_MS - 1000 + 200);
    expect(now).toBeLessThan(2000);
    expect(connection.get()).toEqual({ state: "stale", seconds: 1 });
  });

  it("stays live on heartbeats alone", () => {
    goLive();
    for (let i = 0; i < 10; i += 1) {
      now += 1000;
      connection.message();
    }
    expect(connection.isLive()).toBe(true);
  });

  it("counts the seconds of reconnecting", () => {
    goLive();
    connection.closed();
    expect(connection.get()).toEqual({ state: "reconnecting", seconds: 0 });
    pass(3_400);
    expect(connection.get()).toEqual({ state: "reconnecting", seconds: 3 });
  });

  it("is not live again after a reconnect until the new snapshot is there", () => {
    goLive();
    connection.closed();
    pass(1000);
    connection.opened();
    expect(connection.get().state).toBe("reconnecting");
    connection.snapshotTaken();
    expect(connection.get().state).toBe("live");
  });

  it("recovers from silence with the next message", () => {
    goLive();
    pass(5000);
    expect(connection.get().state).toBe("stale");
    connection.message();
    expect(connection.get().state).toBe("live");
  });

  it("tells listeners only when state or seconds change", () => {
    goLive();
    const heard = vi.fn();
    connection.subscribe(heard);
    pass(100);
    connection.message();
    expect(heard).not.toHaveBeenCalled();
    connection.closed();
    pass(100);
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("keeps the server's clock by the offset that messages tell", () => {
    expect(connection.serverNow()).toBeNull();
    connection.message(5_000);
    now += 250;
    expect(connection.serverNow()).toBe(5_000_250);
  });
});
