/** How pens are told apart: colour and dash, so that eight lines stay readable in grey surroundings and in print. */

export interface PenStyle {
  light: string;
  dark: string;
  dash: number[];
}

const STYLES: readonly PenStyle[] = [
  { light: "#1d5ea8", dark: "#74aee8", dash: [] },
  { light: "#8a5a00", dark: "#e0b15c", dash: [] },
  { light: "#00706b", dark: "#5cc8c0", dash: [] },
  { light: "#7a3f86", dark: "#cf9bd8", dash: [] },
  { light: "#404b54", dark: "#d5dade", dash: [] },
  { light: "#1d5ea8", dark: "#74aee8", dash: [8, 4] },
  { light: "#8a5a00", dark: "#e0b15c", dash: [8, 4] },
  { light: "#00706b", dark: "#5cc8c0", dash: [8, 4] },
];

export const MAX_PENS = STYLES.length;

export function penStyle(index: number): PenStyle {
  return STYLES[index % STYLES.length] as PenStyle;
}
