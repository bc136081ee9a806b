/** A runtime for tests of pages: answers by method and path, and remembers what it was asked. */
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { createMemoryRouter, RouterProvider, type RouteObject } from "react-router";
import { vi } from "vitest";
import { session } from "@/api/session";
import type { RoleName } from "@/api/types";

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
}

type Reply = (asked: Asked) => unknown;

/** An error as the runtime tells it. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly error: Record<string, unknown>,
  ) {}
}

/** Answers calls such as "GET /api/tags" until the test ends; what nobody expects is answered with 404. */
export function fakeApi(replies: Record<string, Reply | object>): Asked[] {
  const asked: Asked[] = [];
  const answer = (path: string, options: RequestInit = {}): Response => {
    const address = new URL(path, "http://runtime");
    const { body } = options;
    const call: Asked = { method: options.method ?? "GET", path: address.pathname, query: address.searchParams, body: typeof body === "string" ? (JSON.parse(body) as unknown) : body };
    asked.push(call);
    const reply = replies[`${call.method} ${call.path}`];
    const result = typeof reply === "function" ? (reply as Reply)(call) : (reply ?? new Refusal(404, { code: "not_found", message: `nothing at ${call.path}` }));
    if (result instanceof Refusal) return new Response(JSON.stringify({ error: result.error }), { status: result.status });
    return new Response(JSON.stringify(result), { status: 200 });
  };
  vi.stubGlobal("fetch", (path: string, options?: RequestInit) => Promise.resolve(answer(path, options)));
  return asked;
}

export function signIn(role: RoleName = "engineer"): void {
  session.accept({ token: "t", expires_at: Date.now() / 1000 + 600, user: { name: "anna", role, must_change_password: false } });
}

/** The page at an address, within everything that it needs. */
export function showPage(page: ReactNode, pattern: string, address: string, others: RouteObject[] = []) {
  const router = createMemoryRouter([{ path: pattern, element: page }, ...others, { path: "*", element: <p>elsewhere</p> }], { initialEntries: [address] });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return router;
}
