import { act, renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { ApiError, NoAnswerError } from "@/api/errors";
import { endOf, useCommand } from "./command";

function aPromise(): { promise: Promise<string>; resolve: (text: string) => void } {
  const made: { promise: Promise<string>; resolve: (text: string) => void } = { promise: Promise.resolve(""), resolve: () => undefined };
  made.promise = new Promise((resolve) => {
    made.resolve = resolve;
  });
  return made;
}

describe("life of a command", () => {
  it("is sent until the device has confirmed, never before", async () => {
    const { result } = renderHook(() => useCommand(() => 1));
    const answer = aPromise();
    let done: Promise<boolean> = Promise.resolve(false);
    act(() => {
      done = result.current.run("SP = 3", () => answer.promise);
    });
    expect(result.current.life).toEqual({ kind: "sent", what: "SP = 3", at: 1 });

    await act(async () => {
      answer.resolve("read back 3");
      await done;
    });
    expect(result.current.life).toEqual({ kind: "confirmed", what: "SP = 3", result: "read back 3", at: 1 });
  });

  it("is refused with the runtime's reason", async () => {
    const { result } = renderHook(() => useCommand(() => 1));
    await act(() => result.current.run("SP = 99", () => Promise.reject(new ApiError(422, "invalid_value", "SP: 99 is above 10"))));
    expect(result.current.life).toMatchObject({ kind: "refused", reason: "SP: 99 is above 10" });
  });

  it("has timed out when nothing confirmed it, which is not a refusal", () => {
    expect(endOf(new ApiError(504, "not_confirmed", "not read back"), "x", 0).kind).toBe("timeout");
    expect(endOf(new NoAnswerError("no answer", true), "x", 0).kind).toBe("timeout");
    expect(endOf(new ApiError(423, "estop_active", "stopped"), "x", 0).kind).toBe("refused");
  });

  it("shows only the newest of two", async () => {
    const { result } = renderHook(() => useCommand(() => 1));
    await act(async () => {
      const slow = result.current.run("old", () => new Promise((resolve) => setTimeout(() => resolve("late"), 5)));
      await result.current.run("new", () => Promise.resolve("done"));
      await slow;
    });
    expect(result.current.life).toMatchObject({ kind: "confirmed", what: "new" });
  });
});
