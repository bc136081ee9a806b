/** Whether what is on the screen is live: decided by messages that arrive, not by a socket that says it is open. */

export type ConnectionState = "connecting" | "live" | "stale" | "reconnecting";

/** A heartbeat comes every second; after this long without any message, values are not live. */
export const SILENCE_MS = 1_700;
const CHECK_MS = 200;

export interface ConnectionView {
  state: ConnectionState;
  /** Whole seconds for which values have not been live. */
  seconds: number;
}

type Listener = () => void;

/** Judges the connection; told of every message, checked five times a second. */
export class Connection {
  private open = false;
  private synced = false;
  private everLive = false;
  private lastMessage = -Infinity;
  private notLiveSince: number;
  private view: ConnectionView = { state: "connecting", seconds: 0 };
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly listeners = new Set<Listener>();
  private offsetMs: number | null = null;

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly wall: () => number = Date.now,
  ) {
    this.notLiveSince = now();
  }

  readonly get = (): ConnectionView => this.view;
  readonly isLive = (): boolean => this.view.state === "live";

  readonly subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(): void {
    this.timer ??= setInterval(() => this.check(), CHECK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  opened(): void {
    this.open = true;
    this.synced = false;
    this.message();
  }

  /** The snapshot after (re)connecting has been applied: from here on the screen shows the present. */
  snapshotTaken(): void {
    this.synced = true;
    this.message();
  }

  closed(): void {
    this.open = false;
    this.synced = false;
    this.check();
  }

  /** Something arrived; with the server's time, if it said. */
  message(serverTime?: number): void {
    this.lastMessage = this.now();
    if (serverTime !== undefined) this.offsetMs = serverTime * 1000 - this.wall();
    this.check();
  }

  /** The server's present time in ms, or null before it has told it. */
  serverNow(): number | null {
    return this.offsetMs === null ? null : this.wall() + this.offsetMs;
  }

  check(): void {
    const now = this.now();
    const silent = now - this.lastMessage > SILENCE_MS;
    const state = this.judge(silent);
    if (state === "live") this.everLive = true;
    else if (this.view.state === "live") this.notLiveSince = silent ? this.lastMessage : now;
    const seconds = state === "live" ? 0 : Math.max(0, Math.floor((now - this.notLiveSince) / 1000));
    if (state === this.view.state && seconds === this.view.seconds) return;
    this.view = { state, seconds };
    for (const listener of this.listeners) listener();
  }

  private judge(silent: boolean): ConnectionState {
    if (!this.open) return this.everLive ? "reconnecting" : "connecting";
    if (silent) return "stale";
    if (!this.synced) return this.everLive ? "reconnecting" : "connecting";
    return "live";
  }
}
