/** The area of a mimic: a drawing with a layer of live figures above it, fitted into the page as one. */
import { createContext, useContext, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { createPortal } from "react-dom";

interface Place {
  x: number;
  y: number;
}

/** Figures are plain HTML: a change of one redraws its own small box, where a change within the drawing redraws much of it. */
const FigureLayer = createContext<HTMLElement | null>(null);

/** Where the element being drawn has its corner. */
export const ElementPlace = createContext<Place>({ x: 0, y: 0 });

/** How much of its natural size a drawing has in a box; never smaller than can be read, then it scrolls. */
export function scaleFor(box: { width: number; height: number }, drawing: { width: number; height: number }, smallest: number): number {
  if (box.width <= 0 || box.height <= 0) return 1;
  return Math.max(smallest, Math.min(box.width / drawing.width, box.height / drawing.height));
}

/** On a phone a whole plant would be too small to read. */
const SMALLEST_NARROW = 0.7;
const NARROW = 768;

interface StageProps {
  width: number;
  height: number;
  label: string;
  children: ReactNode;
}

export function MimicStage({ width, height, label, children }: StageProps) {
  const box = useRef<HTMLDivElement>(null);
  const [layer, setLayer] = useState<HTMLElement | null>(null);
  const [scale, setScale] = useState(1);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const fit = (): void => {
      const smallest = window.innerWidth < NARROW ? SMALLEST_NARROW : 0.3;
      setScale(scaleFor({ width: element.clientWidth, height: element.clientHeight }, { width, height }, smallest));
    };
    fit();
    const watch = new ResizeObserver(fit);
    watch.observe(element);
    return () => watch.disconnect();
  }, [width, height]);
  return (
    <div className="mimic" ref={box}>
      <div className="mimic-frame" style={{ width: width * scale, height: height * scale }}>
        <div className="mimic-stage" style={{ width, height, transform: `scale(${scale})` }}>
          <svg className="mimic-drawing" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={label}>
            <FigureLayer value={layer}>{children}</FigureLayer>
          </svg>
          <div className="mimic-figures" ref={setLayer} />
        </div>
      </div>
    </div>
  );
}

interface FigureBoxProps {
  x: number;
  y: number;
  w: number;
  h: number;
  className: string;
  align: "start" | "center" | "end";
  children: ReactNode;
}

/** Puts its content above the drawing, at a position given in the element's own coordinates. */
export function FigureBox({ x, y, w, h, className, align, children }: FigureBoxProps) {
  const layer = useContext(FigureLayer);
  const place = useContext(ElementPlace);
  if (layer === null) return null;
  return createPortal(
    <div className={className} style={{ left: place.x + x, top: place.y + y, width: w, height: h, textAlign: align, lineHeight: `${h}px` }}>
      {children}
    </div>,
    layer,
  );
}
