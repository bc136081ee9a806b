/** Providers, and the choice between signing in, changing the password, and the plant. */
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { keepSignedIn, useSession } from "@/api/auth";
import { makeQueryClient } from "@/api/queries";
import { session } from "@/api/session";
import { LoginPage } from "./login-page";
import { PasswordPage } from "./password-page";
import { theme } from "./theme";

const Plant = lazy(() => import("./plant"));

function Gate() {
  const current = useSession();
  if (current === null) return <LoginPage />;
  if (current.user.must_change_password) return <PasswordPage />;
  return (
    <Suspense fallback={null}>
      <Plant />
    </Suspense>
  );
}

export function App() {
  const [queries] = useState(makeQueryClient);
  useEffect(keepSignedIn, []);
  useEffect(
    () =>
      session.subscribe(() => {
        // What one user was shown must not be left for the next.
        if (session.get() === null) queries.clear();
      }),
    [queries],
  );
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Gate />
      </QueryClientProvider>
    </MantineProvider>
  );
}
