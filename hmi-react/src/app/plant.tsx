/** Everything behind the sign-in: the live connection and the routes. */
import { RouterProvider } from "react-router";
import { useLiveConnection } from "@/live/live";
import { router } from "./router";

export default function Plant() {
  useLiveConnection();
  return <RouterProvider router={router} />;
}
