import { fireEvent, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import { fakeApi, showPage, signIn } from "@/testing/fake-api";
import NotificationsPage from "./notifications-page";

const channel = { name: "mail", kind: "smtp", target: "mail.example.com:587", state: "failing", waiting: 2, sent: 5, failed_attempts: 3, given_up: 0, error: "refuses the password", last_sent: null, last_failed: 1_800_000_000 };
const rule = { name: "urgent", priorities: [1, 2], areas: ["station"], classes: [], alarms: [], steps: [{ channel: "mail", roster: "operators", after_s: 0 }], delay_s: 0, until: "acknowledged", repeat_s: null, on_clear: true, quiet: false, watched: 1 };
const roster = { name: "operators", people: [{ name: "Ana", channels: ["mail"], on_duty: true, always: false }, { name: "Ben", channels: ["mail"], on_duty: false, always: false }] };
const delivery = { seq: 1, id: "a", channel: "mail", rule: "urgent", kind: "raised", state: "failed", recipient: "Ana", address: "ana@example.com", subject: "TK101 high", text: "", alarms: [], created: 1_800_000_000, due: 1_800_000_000, done: null, attempts: 9, error: "no route" };
const told = { channels: [channel], rosters: [roster], rules: [rule], waiting: 2, watched: 1 };
const base = { "GET /api/notifications": told, "GET /api/notifications/deliveries": { items: [delivery], next: null } };

afterEach(() => vi.unstubAllGlobals());

describe("the page of notifications", () => {
  it("tells channels, who is on duty, rules and what has become of messages", async () => {
    signIn();
    fakeApi(base);
    showPage(<NotificationsPage />, "/notifications", "/notifications");

    expect(await screen.findByText("! fails")).toBeDefined();
    expect(screen.getByText("✓ on duty")).toBeDefined();
    expect(screen.getByText("priority 1, 2; station")).toBeDefined();
    expect(await screen.findByText("! given up")).toBeDefined();
    expect(screen.getByText("no route")).toBeDefined();
  });

  it("tries a channel and says what went wrong", async () => {
    signIn();
    fakeApi({ ...base, "POST /api/notifications/channels/mail/test": { ok: false, message: "the server refuses the password", seconds: 0.2 } });
    showPage(<NotificationsPage />, "/notifications", "/notifications");

    fireEvent.click(await screen.findByText("Send a test over mail"));

    expect(await screen.findByText("! the server refuses the password")).toBeDefined();
  });

  it("says where notifications are set up if there are none", async () => {
    signIn();
    fakeApi({ ...base, "GET /api/notifications": { ...told, channels: [], rosters: [], rules: [] } });
    showPage(<NotificationsPage />, "/notifications", "/notifications");

    expect(await screen.findByText("Nobody is told of alarms.")).toBeDefined();
  });
});
