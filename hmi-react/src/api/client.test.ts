import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { call, url } from "./client";
import { ApiError, NoAnswerError } from "./errors";
import { session } from "./session";

const answer = (status: number, body: unknown): Response => new Response(typeof body === "string" ? body : JSON.stringify(body), { status });

describe("calls", () => {
  const fetched = vi.fn<typeof fetch>();

  beforeEach(() => {
    vi.stubGlobal("fetch", fetched);
    session.accept({ token: "t1", expires_at: Date.now() / 1000 + 60, user: { name: "anna", role: "operator", must_change_password: false } });
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    fetched.mockReset();
    session.clear();
  });

  it("carry the token and give the JSON", async () => {
    fetched.mockResolvedValue(answer(200, { ok: 1 }));
    expect(await call("/api/x")).toEqual({ ok: 1 });
    expect(fetched.mock.calls[0]?.[1]?.headers).toMatchObject({ Authorization: "Bearer t1" });
  });

  it("fail with the runtime's code and message", async () => {
    fetched.mockResolvedValue(answer(404, { error: { code: "unknown_tag", message: "unknown tag X" } }));
    await expect(call("/api/x")).rejects.toEqual(new ApiError(404, "unknown_tag", "unknown tag X"));
    expect(session.get()).not.toBeNull();
  });

  it("fail with the status when a proxy answers with a page", async () => {
    fetched.mockResolvedValue(answer(502, "<html>"));
    await expect(call("/api/x")).rejects.toMatchObject({ status: 502, code: "http_502" });
  });

  it("end the session on 401", async () => {
    fetched.mockResolvedValue(answer(401, { error: { code: "expired", message: "the token has expired" } }));
    await expect(call("/api/x")).rejects.toBeInstanceOf(ApiError);
    expect(session.get()).toBeNull();
  });

  it("keep the session when the refused token has been replaced in the meantime", async () => {
    fetched.mockImplementation(() => {
      session.accept({ token: "t2", expires_at: Date.now() / 1000 + 60, user: { name: "anna", role: "operator", must_change_password: false } });
      return Promise.resolve(answer(401, {}));
    });
    await expect(call("/api/x")).rejects.toBeInstanceOf(ApiError);
    expect(session.get()?.token).toBe("t2");
  });

  it("say when the runtime cannot be reached", async () => {
    fetched.mockRejectedValue(new TypeError("fetch failed"));
    await expect(call("/api/x")).rejects.toEqual(new NoAnswerError("The runtime cannot be reached.", false));
  });
});

describe("addresses", () => {
  it("encode their parts and leave out what is empty", () => {
    expect(url(["tags", "A/B"], { search: "x y", area: "", limit: 5 })).toBe("/api/tags/A%2FB?search=x+y&limit=5");
  });
});
