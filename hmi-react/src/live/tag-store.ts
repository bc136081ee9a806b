/** Live values outside React: one small subscription per tag, counted, so a page costs only what it shows. */
import type { SampleRow, Value } from "@/api/types";

/** One live sample; a new object for every change, so identity tells whether to draw. */
export interface Live {
  value: Value;
  quality: number;
  sourceTime: number | null;
  serverTime: number | null;
}

/** Where subscriptions go: the socket, or a fake in tests. */
export interface Transport {
  subscribe(tags: string[]): void;
  unsubscribe(tags: string[]): void;
}

type Listener = () => void;
type SampleListener = (name: string, sample: Live) => void;

/** Runs the callback before the next frame; a hidden page has no frames, so it runs a bit later there. */
export function nextFrame(callback: () => void): void {
  if (document.visibilityState === "visible") requestAnimationFrame(callback);
  else window.setTimeout(callback, 250);
}

/** Latest sample per subscribed tag. */
export class TagStore {
  private readonly samples = new Map<string, Live>();
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly sampleListeners = new Set<SampleListener>();
  private readonly unknown = new Set<string>();
  private readonly wanted = new Set<string>();
  private readonly asked = new Set<string>();
  private readonly dirty = new Set<string>();
  private drawing = false;
  private settling = false;
  private transport: Transport | null = null;

  constructor(
    private readonly frame: (callback: () => void) => void = nextFrame,
    private readonly settle: (callback: () => void) => void = (callback) => void window.setTimeout(callback, 20),
  ) {}

  get(name: string): Live | undefined {
    return this.samples.get(name);
  }

  /** True if the runtime said that it has no such tag. */
  isUnknown(name: string): boolean {
    return this.unknown.has(name);
  }

  /** Hear changes of one tag; the first listener subscribes it at the runtime, the last one to leave ends that. */
  subscribe(name: string, listener: Listener): () => void {
    let set = this.listeners.get(name);
    if (set === undefined) {
      set = new Set();
      this.listeners.set(name, set);
      this.wanted.add(name);
      this.scheduleSettle();
    }
    set.add(listener);
    return () => this.leave(name, listener);
  }

  /** Hear every sample of every subscribed tag at once, not per frame: trends must not miss any. */
  onSample(listener: SampleListener): () => void {
    this.sampleListeners.add(listener);
    return () => this.sampleListeners.delete(listener);
  }

  /** Names that somebody shows right now. */
  subscribed(): string[] {
    return [...this.wanted];
  }

  /** A connection is up: everything wanted is asked for anew. */
  attach(transport: Transport): void {
    this.transport = transport;
    this.asked.clear();
    this.settleNow();
  }

  /** Tags may have come or gone: everything wanted is asked for anew. */
  resubscribe(): void {
    this.asked.clear();
    this.settleNow();
  }

  /** The connection is gone; values stay as they were, the connection state says that they are not live. */
  detach(): void {
    this.transport = null;
    this.asked.clear();
  }

  /** Samples from the runtime; latest wins. */
  apply(rows: readonly SampleRow[]): void {
    for (const [name, value, quality, sourceTime, serverTime] of rows) {
      const before = this.samples.get(name);
      if (before && before.value === value && before.quality === quality && before.sourceTime === sourceTime && before.serverTime === serverTime) continue;
      const sample: Live = { value, quality, sourceTime, serverTime };
      this.samples.set(name, sample);
      this.unknown.delete(name);
      this.dirty.add(name);
      for (const listener of this.sampleListeners) listener(name, sample);
    }
    this.scheduleDraw();
  }

  /** The answer to a subscription: the snapshot, and by omission the names that do not exist. */
  applySnapshot(asked: readonly string[], rows: readonly SampleRow[]): void {
    const given = new Set(rows.map((row) => row[0]));
    for (const name of asked) {
      if (given.has(name)) continue;
      this.unknown.add(name);
      this.samples.delete(name);
      this.dirty.add(name);
    }
    this.apply(rows);
  }

  private leave(name: string, listener: Listener): void {
    const set = this.listeners.get(name);
    if (set === undefined) return;
    set.delete(listener);
    if (set.size > 0) return;
    this.listeners.delete(name);
    this.wanted.delete(name);
    this.scheduleSettle();
  }

  /** A page change drops and takes many tags within one tick; only the difference goes over the wire. */
  private scheduleSettle(): void {
    if (this.settling) return;
    this.settling = true;
    this.settle(() => {
      this.settling = false;
      this.settleNow();
    });
  }

  private settleNow(): void {
    for (const name of this.samples.keys()) if (!this.wanted.has(name)) this.samples.delete(name);
    for (const name of this.unknown) if (!this.wanted.has(name)) this.unknown.delete(name);
    if (this.transport === null) return;
    const added = [...this.wanted].filter((name) => !this.asked.has(name));
    const gone = [...this.asked].filter((name) => !this.wanted.has(name));
    for (const name of added) this.asked.add(name);
    for (const name of gone) this.asked.delete(name);
    if (gone.length > 0) this.transport.unsubscribe(gone);
    if (added.length > 0) this.transport.subscribe(added);
  }

  private scheduleDraw(): void {
    if (this.drawing || this.dirty.size === 0) return;
    this.drawing = true;
    this.frame(() => {
      this.drawing = false;
      const names = [...this.dirty];
      this.dirty.clear();
      for (const name of names) for (const listener of this.listeners.get(name) ?? []) listener();
    });
  }
}
