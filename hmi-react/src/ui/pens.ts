/** How pens are told apart: by colour, the second eight by a wider line too, and by the number at the end of each. Dashes mean uncertain. */

export interface PenStyle {
  light: string;
  dark: string;
  width: number;
}

const COLOURS: readonly Omit<PenStyle, "width">[] = [
  { light: "#1d5ea8", dark: "#74aee8" },
  { light: "#8a5a00", dark: "#e0b15c" },
  { light: "#00706b", dark: "#5cc8c0" },
  { light: "#7a3f86", dark: "#cf9bd8" },
  { light: "#404b54", dark: "#d5dade" },
  { light: "#5b6b00", dark: "#b9c95a" },
  { light: "#a04a6b", dark: "#ec9db9" },
  { light: "#4a52b8", dark: "#a3aaf5" },
];

export const MAX_PENS = COLOURS.length * 2;

export function penStyle(index: number): PenStyle {
  const colour = COLOURS[index % COLOURS.length] as Omit<PenStyle, "width">;
  return { ...colour, width: index % MAX_PENS < COLOURS.length ? 1.75 : 3 };
}
