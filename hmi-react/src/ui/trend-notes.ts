/** Annotations in a trend: a line for an instant, a band for a period, each with its number in a lane at the bottom. */
import { inside, type Scene } from "./trend-overlay";
import { FONT, INK } from "./trend-options";

/** What somebody said of a time. */
export interface Note {
  id: number;
  /** As the list of them counts. */
  number: number;
  start: number;
  /** null: of an instant. */
  end: number | null;
  text: string;
}

/** A note in the picture, in its pixels: its band, and its flag, which begins where the band does. */
export interface PlacedNote {
  note: Note;
  left: number;
  right: number;
  /** From the bottom. */
  lane: number;
}

const FLAG_PX = 18;
const LANE_PX = 16;
const LANES = 4;

/** The notes from left to right, each in the lowest lane that is free there; where there is none, over others in the last. */
export function placeNotes(notes: readonly Note[], place: (time: number) => number, bounds: { left: number; right: number }, ratio: number): PlacedNote[] {
  const free = Array.from({ length: LANES }, () => -Infinity);
  const spans = notes.map((note) => ({ note, left: place(note.start), right: place(note.end ?? note.start) }));
  const seen = spans.filter(({ left, right }) => right >= bounds.left && left <= bounds.right).sort((a, b) => a.left - b.left);
  return seen.map(({ note, left, right }) => {
    const from = Math.max(left, bounds.left);
    const found = free.findIndex((until) => until <= from);
    const lane = found === -1 ? LANES - 1 : found;
    free[lane] = Math.max(right, from + FLAG_PX * ratio) + ratio;
    return { note, left: from, right: Math.min(right, bounds.right), lane };
  });
}

/** Whether a place in the picture, so high above its bottom, is at the flag, the band's lane or the line of a note. */
function touches({ note, left, right, lane }: PlacedNote, x: number, height: number, ratio: number): boolean {
  const within = x >= left - 3 * ratio && x <= Math.max(right + 3 * ratio, left + FLAG_PX * ratio);
  if (within && height >= lane * LANE_PX * ratio && height < (lane + 1) * LANE_PX * ratio) return true;
  return note.end === null && Math.abs(x - left) <= 3 * ratio;
}

/** The note at a place in the picture; the shortest if there are several. */
export function noteAt(placed: readonly PlacedNote[], x: number, height: number, ratio: number): PlacedNote | null {
  const found = placed.filter((one) => touches(one, x, height, ratio));
  return found.sort((a, b) => a.right - a.left - (b.right - b.left))[0] ?? null;
}

/** Draw the bands and lines, and above the lines of the pens the flags; open: of which the text is shown. */
export function drawNotes({ plot, scheme }: Pick<Scene, "plot" | "scheme">, placed: readonly PlacedNote[], open: number | null): void {
  const { top, height } = plot.bbox;
  const ink = INK[scheme];
  inside(plot, (ctx, ratio) => {
    ctx.font = FONT.replace("12px", `${11 * ratio}px`);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineWidth = ratio;
    for (const { note, left, right, lane } of placed) {
      const strong = note.id === open;
      const bottom = top + height - lane * LANE_PX * ratio;
      ctx.fillStyle = `${ink.strong}${strong ? "24" : "14"}`;
      if (right > left) {
        ctx.fillRect(left, top, right - left, height);
        ctx.fillStyle = `${ink.strong}50`;
        ctx.fillRect(left, bottom - (LANE_PX - 2) * ratio, right - left, (LANE_PX - 2) * ratio);
      }
      ctx.strokeStyle = ink.strong;
      ctx.setLineDash(strong ? [] : [2 * ratio, 3 * ratio]);
      ctx.beginPath();
      for (const x of note.end === null ? [left] : [left, right]) {
        ctx.moveTo(x, top);
        ctx.lineTo(x, top + height);
      }
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.fillStyle = strong ? ink.strong : ink.field;
      const box = [left, bottom - (LANE_PX - 2) * ratio, FLAG_PX * ratio, (LANE_PX - 2) * ratio] as const;
      ctx.fillRect(...box);
      ctx.strokeRect(...box);
      ctx.fillStyle = strong ? ink.field : ink.strong;
      ctx.fillText(String(note.number), left + (FLAG_PX / 2) * ratio, bottom - (LANE_PX / 2) * ratio);
    }
  });
}

/** The text of a note, over the chart beside its flag. */
export class NoteText {
  private readonly box = document.createElement("div");

  constructor(private readonly over: HTMLElement) {
    this.box.className = "trend-note";
    this.box.hidden = true;
    over.append(this.box);
  }

  /** Show it above the flag; left and bottom are pixels of the page within the chart. */
  show(placed: PlacedNote | null, left: number): void {
    const { box, over } = this;
    box.hidden = placed === null;
    if (placed === null) return;
    const text = `${placed.note.number}  ${placed.note.text}`;
    if (box.textContent !== text) box.textContent = text;
    const wide = over.clientWidth;
    const leftwards = left > wide / 2;
    box.style.left = leftwards ? "" : `${Math.max(0, left)}px`;
    box.style.right = leftwards ? `${Math.max(0, wide - left)}px` : "";
    box.style.bottom = `${(placed.lane + 1) * LANE_PX + 4}px`;
  }
}
