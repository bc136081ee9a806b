/** Everything behind the sign-in: the live connection and the routes, drawn as the user prefers. */
import { RouterProvider } from "react-router";
import { useLiveConnection } from "@/live/live";
import { router } from "./router";
import { useDisplay } from "./use-display";

export default function Plant() {
  useLiveConnection();
  const display = useDisplay();
  // As transitions, changes of the address would wait for a moment without live values: clicks in between would be lost.
  return display === null ? null : <RouterProvider key={display} router={router} useTransitions={false} />;
}
