import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { outputPut } from "@/testing/samples";
import { fakeApi, Refusal, showPage, signIn } from "@/testing/fake-api";
import { OutputPanel } from "./output-panel";
import { PutForm } from "./put-form";

const VALVE = outputPut.tag;
const show = (replies: Record<string, object>) => {
  signIn("operator");
  const asked = fakeApi({ [`GET /api/tags/${VALVE.name}/output`]: outputPut.output, [`PUT /api/tags/${VALVE.name}/value`]: { ...VALVE, value: true }, ...replies });
  showPage(
    <>
      <PutForm tag={VALVE} />
      <OutputPanel tag={VALVE.name} />
    </>,
    "/",
    "/",
  );
  return asked;
};

describe("an output", () => {
  it("says what stands in its way and which condition blocks", async () => {
    show({});
    const panel = await screen.findByTestId("output-panel");

    expect(panel.textContent).toContain("Tagged out by ben");
    expect(panel.textContent).toContain("Leak – LEAK is true");
    expect(panel.textContent).toContain("On, by anna");
  });

  it("is put for a time, confirmed", async () => {
    const asked = show({});
    await screen.findByTestId("output-panel");
    fireEvent.change(screen.getByLabelText("for, s"), { target: { value: "2,5" } });
    fireEvent.click(screen.getByRole("button", { name: "Put" }));
    fireEvent.click(await screen.findByRole("button", { name: "Confirm" }));

    await waitFor(() => expect(asked.find((call) => call.method === "PUT")?.body).toEqual({ value: expect.anything() as unknown, confirmed: true, for_s: 2.5 }));
  });

  it("is selected before it is operated, where it wants that", async () => {
    const asked = show({ [`GET /api/tags/${VALVE.name}/output`]: { ...outputPut.output, operate: "select", safe: "never" }, [`POST /api/tags/${VALVE.name}/selection`]: { id: "s1" } });
    await screen.findByText("Select the output before it is operated.");
    fireEvent.click(screen.getByRole("button", { name: "Select" }));

    await waitFor(() => expect(asked.some((call) => call.path.endsWith("/selection"))).toBe(true));
    expect((screen.getByRole("button", { name: "Put" }) as HTMLButtonElement).disabled).toBe(true);
  });

  it("is stopped by cancelling what holds it, and says why it cannot", async () => {
    show({ "POST /api/operations/op1/cancel": new Refusal(409, { code: "interlocked", message: "on for its shortest time" }) });
    fireEvent.click(await screen.findByRole("button", { name: "Stop now" }));

    expect(await screen.findByText(/on for its shortest time/)).toBeTruthy();
  });
});
