import { MantineProvider } from "@mantine/core";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AddressText } from "./address-text";

/** An address that is slow to change. */
function SlowAddress({ told }: { told: string[] }) {
  const [value, setValue] = useState("first");
  const follow = (text: string): void => {
    told.push(text);
    window.setTimeout(() => setValue(text), 500);
  };
  return (
    <MantineProvider env="test">
      <AddressText aria-label="Search" value={value} onChange={follow} />
      <button type="button" onClick={() => setValue("elsewhere")}>
        go
      </button>
    </MantineProvider>
  );
}

const field = (): HTMLInputElement => screen.getByLabelText("Search");
const type = (text: string): void => void fireEvent.change(field(), { target: { value: text } });
const wait = (ms: number): void => act(() => void vi.advanceTimersByTime(ms));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("a text field for a word of the address", () => {
  it("loses nothing that is typed while the address follows", () => {
    const told: string[] = [];
    render(<SlowAddress told={told} />);

    type("p");
    wait(150);
    type("pu");
    wait(450);
    expect(field().value).toBe("pu");
    wait(1000);

    expect(field().value).toBe("pu");
    expect(told).toEqual(["p", "pu"]);
  });

  it("tells the address only where the typing came to", () => {
    const told: string[] = [];
    render(<SlowAddress told={told} />);

    type("p");
    type("pump");
    wait(150);

    expect(told).toEqual(["pump"]);
  });

  it("shows what the address says when it is changed elsewhere", () => {
    render(<SlowAddress told={[]} />);

    fireEvent.click(screen.getByText("go"));

    expect(field().value).toBe("elsewhere");
  });
});
