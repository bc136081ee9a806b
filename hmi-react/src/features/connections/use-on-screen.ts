/** Whether an element can be seen. */
import { useEffect, useRef, useState, type RefObject } from "react";

/** The reference to give to the element, and whether it is scrolled into sight; true where the browser cannot tell. */
export function useOnScreen<T extends Element>(): [ref: RefObject<T | null>, seen: boolean] {
  const ref = useRef<T>(null);
  const [seen, setSeen] = useState(true);
  useEffect(() => {
    if (ref.current === null || !("IntersectionObserver" in window)) return undefined;
    const observer = new IntersectionObserver((entries) => setSeen(entries.at(-1)?.isIntersecting ?? true));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, seen];
}
