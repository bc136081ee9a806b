/** What a hand does to a chart: drag to look closer, with Shift to move, turn the wheel, click to place a cursor. */
import type uPlot from "uplot";
import { presentS } from "@/live/live";
import { lengthOf, panned, wheelFactor, within, zoomed, type Span } from "./trend-range";

export interface Hands {
  span(): Span;
  look(span: Span): void;
  click(time: number): void;
  /** Take an instant or a period in place of the two; false if nobody asked for one. */
  pick(span: Span): boolean;
}

/** Narrower is a click. */
const CLICK_PX = 6;

const timeAt = (plot: uPlot, clientX: number): number => plot.posToVal(clientX - plot.over.getBoundingClientRect().left, "x");

/** Look closer at what was dragged over, or pick it; the mark of it goes. */
export function zoomToSelected(plot: uPlot, hands: Hands): void {
  const { left, width } = plot.select;
  const span = { start: plot.posToVal(left, "x"), end: plot.posToVal(left + width, "x") };
  if (width >= CLICK_PX && !hands.pick(span)) hands.look(within(span, presentS()));
  if (width > 0) plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/** Listen to the hand; gives a function that ends it. */
export function listen(plot: uPlot, hands: Hands): () => void {
  const over = plot.over;
  let from: { x: number; span: Span } | null = null;
  let pressed = 0;
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const span = hands.span();
    const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (sideways) return hands.look(panned(span, Math.sign(event.deltaX || event.deltaY) * 0.1, presentS()));
    return hands.look(zoomed(span, wheelFactor(event.deltaY, event.deltaMode), timeAt(plot, event.clientX), presentS()));
  };
  const down = (event: MouseEvent): void => {
    pressed = event.clientX;
    if (!event.shiftKey || event.button !== 0) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    from = { x: event.clientX, span: hands.span() };
  };
  const move = (event: MouseEvent): void => {
    if (from === null) return;
    const by = ((from.x - event.clientX) / over.clientWidth) * lengthOf(from.span);
    hands.look(within({ start: from.span.start + by, end: from.span.end + by }, presentS()));
  };
  const up = (): void => {
    from = null;
  };
  const click = (event: MouseEvent): void => {
    if (Math.abs(event.clientX - pressed) >= CLICK_PX || event.shiftKey) return;
    const time = timeAt(plot, event.clientX);
    if (!hands.pick({ start: time, end: time })) hands.click(time);
  };
  over.addEventListener("wheel", wheel, { passive: false });
  over.addEventListener("mousedown", down, { capture: true });
  over.addEventListener("click", click);
  window.addEventListener("mousemove", move);
  window.addEventListener("mouseup", up);
  return () => {
    over.removeEventListener("wheel", wheel);
    over.removeEventListener("mousedown", down, { capture: true });
    over.removeEventListener("click", click);
    window.removeEventListener("mousemove", move);
    window.removeEventListener("mouseup", up);
  };
}
