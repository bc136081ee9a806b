/** The frame of every page: top bar, rail, alarm strip; nothing in it ever covers the page. */
import { lazy, Suspense, useState } from "react";
import { Outlet, useLocation, useSearchParams } from "react-router";
import { useDirectory } from "@/live/directory";
import { plantStore, useCell } from "@/live/live";
import { useFaceplate } from "@/ui/faceplate-link";
import { AlarmStrip } from "./alarm-strip";
import { EstopBanner } from "./estop-banner";
import { Rail } from "./rail";
import { TopBar } from "./top-bar";
import { useEstop } from "./use-estop";

const Faceplate = lazy(() => import("@/features/faceplate/faceplate"));

export function Shell() {
  useDirectory();
  const { target, close } = useFaceplate();
  const [menu, setMenu] = useState(false);
  const estop = useEstop(useCell(plantStore.estop));
  const { pathname } = useLocation();
  // A page for a wall: without the rail; the emergency stop and the alarms stay.
  const full = useSearchParams()[0].get("full") === "1";
  const [shownAt, setShownAt] = useState(pathname);
  if (shownAt !== pathname) {
    setShownAt(pathname);
    setMenu(false);
  }
  return (
    <div className="shell" data-full={full}>
      <TopBar estop={estop} onMenu={() => setMenu((open) => !open)} />
      <EstopBanner estop={estop} />
      <div className="shell-middle">
        <Rail open={menu} onClose={() => setMenu(false)} />
        <main className="shell-main">
          <Outlet />
        </main>
        {target && (
          <Suspense fallback={null}>
            <Faceplate key={`${target.tag ?? ""}:${target.machine ?? ""}`} target={target} onClose={close} />
          </Suspense>
        )}
      </div>
      <AlarmStrip />
    </div>
  );
}
