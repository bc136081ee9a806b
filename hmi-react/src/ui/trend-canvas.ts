/** The picture of a trend: axes and gestures of uPlot, the lines and what lies over them by us. */
import uPlot from "uplot";
import { presentS } from "@/live/live";
import { listen, zoomToSelected, type Hands } from "./trend-gestures";
import { TrendLines } from "./trend-lines";
import { drawMarks, reachOf, shownMarks, type TrendMarks } from "./trend-marks";
import type { TrendModel } from "./trend-model";
import { axesIn, chartOptions, INK, lineLook, type PenView, type Scheme } from "./trend-options";
import { drawNotes, noteAt, NoteText, placeNotes, type PlacedNote } from "./trend-notes";
import { drawCursors, drawLimits, drawNumbers, drawPeriods, overlayReach, type Overlay } from "./trend-overlay";
import { Pace } from "./trend-pace";
import type { ChartProps, Reading } from "./trend-chart";

/** Readings are told so often at most while the pointer rests. */
const TELL_MS = 200;

/** A chart of pens in a box, until it is closed. */
export class Chart {
  private readonly plot: uPlot;
  private readonly closing: (() => void)[] = [];
  private readonly lines: TrendLines;
  private readonly pace: Pace;
  private pointer: number | null = null;
  /** Whether somebody shows readings, as after another chart, that may have to go. */
  private told = true;
  private toldAt = -Infinity;
  private marks: TrendMarks | null;
  private overlay: Overlay | null;
  private readonly noteText: NoteText;
  private notes: PlacedNote[] = [];
  /** The note under the pointer. */
  private pointedNote: number | null = null;

  constructor(
    private readonly box: HTMLDivElement,
    private readonly model: TrendModel,
    private readonly pens: readonly PenView[],
    compact: boolean,
    private readonly scheme: Scheme,
    private readonly props: { readonly current: ChartProps },
  ) {
    const { picture, marks = null, overlay = null } = props.current;
    this.marks = marks && shownMarks(marks, pens[0]?.conversion);
    this.overlay = overlay;
    const looks = (later: number) => pens.map((pen, at) => lineLook(pen, at, { scheme, compact, later }));
    this.lines = new TrendLines(pens.map((pen) => pen.scale), looks(0), model.compareS > 0 ? looks(model.compareS) : []);
    const size = this.size();
    model.width = Math.max(100, size.width);
    const options = chartOptions(pens, { scheme, compact, room: axesIn(size.width), reach: (scale) => this.reach(scale) });
    const hooks: uPlot.Hooks.Arrays = { setCursor: [(plot) => this.pointed(plot)], setSelect: [(plot) => zoomToSelected(plot, this.hands)], drawClear: [() => this.under()], draw: [() => this.over()] };
    this.plot = new uPlot({ ...options, ...size, hooks }, [[]], box);
    this.noteText = new NoteText(this.plot.over);
    if (props.current.onLook) this.closing.push(listen(this.plot, this.hands));
    if (picture) picture.current = this.plot.ctx.canvas;
    this.pace = new Pace(
      () => this.draw(),
      () => this.pixelMs(),
    );
    this.attend();
    this.draw();
  }

  /** Draw when something changes, keep the model in order, follow the size of the box. */
  private attend(): void {
    const { model } = this;
    model.onChange = this.pace.changed;
    const tending = window.setInterval(() => document.visibilityState === "visible" && model.tend(), 1000);
    const watch = new ResizeObserver(() => this.resize());
    watch.observe(this.box);
    this.closing.push(() => {
      model.onChange = () => undefined;
      this.pace.close();
      window.clearInterval(tending);
      watch.disconnect();
    });
  }

  close(): void {
    for (const close of this.closing) close();
    if (this.props.current.picture) this.props.current.picture.current = null;
    this.plot.destroy();
  }

  /** From now on with these beside the lines. */
  decorate(marks: TrendMarks | null, overlay: Overlay | null): void {
    this.marks = marks && shownMarks(marks, this.pens[0]?.conversion);
    this.overlay = overlay;
    this.pace.changed();
    this.tell();
  }

  /** Draw anew what has changed since the last time. */
  private draw(): void {
    const { model, lines } = this;
    const { start, end } = model.span();
    lines.take(model.points(), model.earlierPoints(), start, end);
    this.plot.batch(() => this.plot.setScale("x", { min: start, max: end }));
    this.pace.settle();
    if (performance.now() - this.toldAt >= TELL_MS) this.tell();
  }

  /** How long a pixel's worth of time takes; null while the span is fixed. */
  private pixelMs(): number | null {
    const { model } = this;
    const { start, end } = model.span();
    return model.following ? ((end - start) * 1000) / model.width : null;
  }

  private readonly hands: Hands = {
    span: () => this.model.span(),
    look: (span) => {
      this.props.current.onLook?.(span);
      this.pace.changed();
    },
    click: (time) => this.props.current.onClick?.(time),
    pick: (span) => {
      const { onPick } = this.props.current;
      onPick?.(span);
      return Boolean(onPick);
    },
  };

  private size(): { width: number; height: number } {
    return { width: Math.max(80, this.box.clientWidth), height: Math.max(60, this.box.clientHeight) };
  }

  private resize(): void {
    const size = this.size();
    this.model.width = Math.max(100, size.width);
    this.plot.setSize(size);
  }

  private reach(scale: string): readonly number[] {
    const { pens, overlay, lines } = this;
    return [...lines.reach(scale), ...(scale === pens[0]?.scale ? reachOf(this.marks) : []), ...overlayReach(overlay, pens, scale)];
  }

  private scene() {
    return { plot: this.plot, pens: this.pens, scheme: this.scheme, now: presentS() };
  }

  private under(): void {
    const { overlay } = this;
    if (overlay && this.plot) drawPeriods(this.scene(), overlay.periods);
  }

  private over(): void {
    // The library draws once while it is being made.
    if (!this.plot) return;
    const { overlay, pens, marks, lines } = this;
    lines.draw(this.plot);
    if (marks && pens[0]) drawMarks(this.plot, pens[0].scale, marks, INK[this.scheme].mark);
    if (overlay === null) return;
    drawLimits(this.scene(), overlay.limits);
    drawNumbers(this.scene(), lines.ends());
    if (overlay.cursors) drawCursors(this.scene(), overlay.cursors);
    this.drawNotes(overlay);
  }

  private drawNotes({ notes = [], openNote = null }: Overlay): void {
    const { plot } = this;
    const { left, width } = plot.bbox;
    const ratio = window.devicePixelRatio;
    this.notes = placeNotes(notes, (time) => plot.valToPos(time, "x", true), { left, right: left + width }, ratio);
    const open = this.pointedNote ?? openNote;
    drawNotes(this.scene(), this.notes, open);
    const shown = this.notes.find((one) => one.note.id === open) ?? null;
    this.noteText?.show(shown, shown ? (shown.left - left) / ratio : 0);
  }

  private pointed(plot: uPlot): void {
    const { left = -1, top = 0 } = plot.cursor;
    this.pointer = left < 0 ? null : plot.posToVal(left, "x");
    const ratio = window.devicePixelRatio;
    const note = left < 0 ? null : noteAt(this.notes, plot.bbox.left + left * ratio, plot.bbox.height - top * ratio, ratio);
    const id = note?.note.id ?? null;
    if (id !== this.pointedNote) {
      this.pointedNote = id;
      this.props.current.onNote?.(id);
      this.pace.changed();
    }
    this.tell();
  }

  private tell(): void {
    const { onRead } = this.props.current;
    const { overlay } = this;
    const read = (time: number | null | undefined): Reading | null => (time === null || time === undefined ? null : { time, values: this.lines.valuesAt(time) });
    const told = this.pointer !== null || Boolean(overlay?.cursors);
    if (told || this.told) onRead?.({ pointer: read(this.pointer), a: read(overlay?.cursors?.a), b: read(overlay?.cursors?.b) });
    this.told = told;
    this.toldAt = performance.now();
  }
}
