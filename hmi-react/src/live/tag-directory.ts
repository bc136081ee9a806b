/** Descriptions of the tags that are shown, asked for in batches as they are needed, whatever the size of the plant. */
import type { TagView } from "@/api/types";
import { nextFrame } from "./tag-store";

type Listener = () => void;
type Load = (names: readonly string[]) => Promise<readonly TagView[]>;

const BATCH = 500;
/** Descriptions kept that nobody shows any more. */
const SPARE = 5_000;
const RETRY_MS = 2_000;

const NO_SAMPLE = { value: null, quality: 0, severity: "GOOD", reason: "", source_time: null, server_time: null } as const;

const plain = (tag: TagView): string => JSON.stringify({ ...tag, ...NO_SAMPLE });

/** True if nothing but the sample differs. */
export const sameDescription = (a: TagView, b: TagView): boolean => plain(a) === plain(b);

/** Description by name; the sample in it is as old as the description, so values come from the tag store. */
export class TagDirectory {
  private readonly known = new Map<string, TagView>();
  private readonly missing = new Set<string>();
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly waiting = new Set<string>();
  private asking = false;
  private generation = 0;

  constructor(
    private readonly load: Load,
    private readonly frame: (callback: () => void) => void = nextFrame,
    private readonly later: (callback: () => void) => void = (callback) => void window.setTimeout(callback, RETRY_MS),
  ) {}

  get(name: string): TagView | undefined {
    return this.known.get(name);
  }

  /** True if the runtime has been asked and has no such tag. */
  isMissing(name: string): boolean {
    return this.missing.has(name);
  }

  /** Hear when the description comes or changes; the first to ask has it fetched. */
  subscribe(name: string, listener: Listener): () => void {
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set);
    set.add(listener);
    if (!this.known.has(name) && !this.missing.has(name)) this.want(name);
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.listeners.get(name) === set) this.listeners.delete(name);
    };
  }

  /** Take over descriptions that came by another way, such as a page of the tag list. */
  learn(tags: readonly TagView[]): void {
    for (const tag of tags) {
      this.waiting.delete(tag.name);
      this.missing.delete(tag.name);
      const before = this.known.get(tag.name);
      if (before !== undefined && sameDescription(before, tag)) continue;
      this.known.set(tag.name, tag);
      this.tell(tag.name);
    }
    this.forgetSpare();
  }

  /** The plant's configuration has changed: what is shown is asked for anew, the rest forgotten. */
  refresh(): void {
    this.generation += 1;
    this.missing.clear();
    for (const name of this.known.keys()) if (!this.listeners.has(name)) this.known.delete(name);
    for (const name of this.listeners.keys()) this.want(name);
  }

  private want(name: string): void {
    this.waiting.add(name);
    if (this.asking) return;
    this.asking = true;
    this.frame(() => void this.ask());
  }

  private async ask(): Promise<void> {
    for (const name of this.waiting) if (!this.listeners.has(name)) this.waiting.delete(name);
    const names = [...this.waiting].slice(0, BATCH);
    for (const name of names) this.waiting.delete(name);
    const { generation } = this;
    try {
      const tags = names.length === 0 ? [] : await this.load(names);
      if (generation === this.generation) this.answer(names, tags);
    } catch {
      // Whoever still shows them asks again; meanwhile values are shown without unit and precision.
      for (const name of names) this.waiting.add(name);
      this.later(() => this.next());
      return;
    }
    this.next();
  }

  private answer(names: readonly string[], tags: readonly TagView[]): void {
    const given = new Set(tags.map((tag) => tag.name));
    this.learn(tags);
    for (const name of names) {
      if (given.has(name)) continue;
      this.missing.add(name);
      this.known.delete(name);
      this.tell(name);
    }
  }

  /** Names beyond a batch, and those asked for meanwhile. */
  private next(): void {
    this.asking = false;
    const [first] = this.waiting;
    if (first !== undefined) this.want(first);
  }

  private tell(name: string): void {
    for (const listener of this.listeners.get(name) ?? []) listener();
  }

  private forgetSpare(): void {
    let spare = this.known.size - this.listeners.size - SPARE;
    if (spare <= 0) return;
    for (const name of this.known.keys()) {
      if (spare <= 0) return;
      if (this.listeners.has(name)) continue;
      this.known.delete(name);
      spare -= 1;
    }
  }
}
