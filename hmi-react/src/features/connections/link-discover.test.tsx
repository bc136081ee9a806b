import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import { fakeApi, showPage, signIn } from "@/testing/fake-api";
import { LinkDiscover } from "./link-discover";

const secure = { url: "opc.tcp://srv:4840", policy: "Basic256Sha256", mode: "Sign", thumbprint: "aabb", certificate: "ZGVy", logins: ["anonymous"] };
const POLICIES = ["Basic256Sha256", "None"];

afterEach(() => vi.unstubAllGlobals());

async function look(endpoint: object): Promise<ReturnType<typeof vi.fn>> {
  signIn();
  fakeApi({ "POST /api/links/discover": { servers: [], endpoints: [endpoint] } });
  const onChosen = vi.fn();
  showPage(<LinkDiscover kind="opcua" url="opc.tcp://srv:4840" policies={POLICIES} onChosen={onChosen} onClose={vi.fn()} />, "/connections", "/connections");
  fireEvent.click(await screen.findByRole("button", { name: "Look" }));
  await screen.findByText(/srv:4840/);
  return onChosen;
}

describe("ways into a server", () => {
  it("leaves no certificate of another way behind where nothing is encrypted", async () => {
    const onChosen = await look({ ...secure, policy: "None", mode: "None" });

    fireEvent.click(screen.getByRole("button", { name: "Choose" }));
    expect(screen.getByText(/sent in the clear/)).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: "Take over" }));

    await waitFor(() => expect(onChosen).toHaveBeenCalledWith({ url: secure.url, policy: "None", server_certificate: "" }));
  });

  it("does not call a way open whose server only shows no certificate", async () => {
    const onChosen = await look({ ...secure, certificate: "" });

    fireEvent.click(screen.getByRole("button", { name: "Choose" }));
    expect(screen.queryByText(/sent in the clear/)).toBeNull();
    expect(screen.getByText(/shows no certificate/)).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: "Take over" }));

    await waitFor(() => expect(onChosen).toHaveBeenCalledWith({ url: secure.url, policy: "Basic256Sha256", mode: "Sign", server_certificate: "" }));
  });

  it("offers no way that a link cannot take", async () => {
    await look({ ...secure, policy: "Basic128Rsa15" });

    expect(screen.queryByRole("button", { name: "Choose" })).toBeNull();
    expect(screen.getByText("outdated, not supported")).toBeDefined();
  });
});
