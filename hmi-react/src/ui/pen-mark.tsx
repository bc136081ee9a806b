/** The line and the number by which a pen is found in a chart. */
import { useComputedColorScheme } from "@mantine/core";
import { penStyle } from "./pens";

interface Props {
  /** Its place among the pens, from 0. */
  at: number;
  /** Its place in the palette, from 0. */
  colour?: number | undefined;
  /** Leave the number out. */
  bare?: boolean;
}

export function PenMark({ at, colour = at, bare = false }: Props) {
  const scheme = useComputedColorScheme("light");
  const style = penStyle(colour);
  return (
    <span className="pen-mark">
      <svg width={22} height={10} aria-hidden>
        <path d="M0 5H22" stroke={style[scheme]} strokeWidth={style.width + 1} />
      </svg>
      {!bare && <b>{at + 1}</b>}
    </span>
  );
}
