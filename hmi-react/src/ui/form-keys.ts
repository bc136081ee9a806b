/** Keys of every form: Ctrl-S saves, Escape leaves. */
import { useEffect, useRef } from "react";

interface Actions {
  save(): void;
  leave(): void;
}

/** True while Escape belongs to something above the form: an open list, a dialog, a menu, the faceplate. */
function taken(): boolean {
  const open = document.querySelector('[data-mantine-stop-propagation], .mantine-Modal-content, .mantine-Menu-dropdown, .mantine-Popover-dropdown:not([role="presentation"]), .faceplate');
  return open !== null;
}

export function useFormKeys(actions: Actions): void {
  const now = useRef(actions);
  useEffect(() => {
    now.current = actions;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
        event.preventDefault();
        now.current.save();
      } else if (event.key === "Escape" && !taken()) {
        now.current.leave();
      }
    };
    // Before React closes a list that the key is meant for.
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, []);
}
