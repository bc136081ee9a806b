import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/i18n";
import type { ReplayAlarm, ReplayMetrics, ReplayNumbers, ReplayResult } from "@/api/replay";
import { fakeApi, Refusal, showPage, signIn } from "@/testing/fake-api";
import ReplayPage from "./replay-page";

const body = { name: "LT.H", tag: "LT", condition: { kind: "high", limit: 8 } };
const job = { id: "0123456789ab", state: "running", start: 1_800_000_000, end: 1_800_086_400, names: null, proposed: [body], by: "erin", asked_at: 1_800_086_400, begun_at: 1_800_086_400, ended_at: null, progress: 0.25, samples: 5000, error: "" };
const numbers = (count: number): ReplayNumbers => ({ count, announced: count, standing_s: 90, worst_60_s: count, fleeting: 0 });
const metrics = (count: number): ReplayMetrics => ({ count, mean_10_min: count / 144, peak_10_min: count, peak_at: null, floods: 0, flood_s: 0, flood_share: 0, chattering: 1, fleeting: 0, standing: 0.5, top: [{ alarm: "LT.H", count, share: 1 }] });
const alarm: ReplayAlarm = { alarm: "LT.H", tag: "LT", recorded: numbers(96), today: numbers(97), proposed: numbers(14), why: "", removed: 83, added: 0, removed_at: [{ raised: 1_800_000_100, returned: 1_800_000_102 }], added_at: [], samples: 4000, changed: false };
const lost: ReplayAlarm = { ...alarm, alarm: "FT.H", tag: "FT", recorded: numbers(0), today: null, proposed: null, why: "tag FT is not recorded", removed: 0, removed_at: [], samples: 0 };
const result: ReplayResult = { start: job.start, end: job.end, samples: 4000, alarms: [alarm, lost], recorded: metrics(96), today: metrics(97), proposed: metrics(14), silent_tags: [], notes: ["Delays count from the time of the source."] };

const list = { items: [{ name: "LT.H", unit_symbol: "m" }, { name: "FT.H", unit_symbol: "" }], counts: {} };
const base = { "GET /api/alarms": list, "GET /api/alarms/LT.H/definition": { name: "LT.H", body, hash: "", owner: "", edited: false }, "GET /api/alarms/replay": { items: [] } };
const one = `GET /api/alarms/replay/${job.id}`;
const field = (name: string): HTMLInputElement => screen.getByLabelText<HTMLInputElement>(name);
const start = (): HTMLButtonElement => screen.getByText("Start replay").closest("button") as HTMLButtonElement;

afterEach(() => vi.unstubAllGlobals());

describe("the page of replays", () => {
  it("proposes what was typed beside today's value, and shows the difference in a sentence", async () => {
    signIn();
    const asked = fakeApi({ ...base, "POST /api/alarms/replay": job, [one]: { ...job, state: "done", result } });
    showPage(<ReplayPage />, "/replay", "/replay?alarms=LT.H");
    await screen.findByLabelText("Deadband of LT.H");
    expect(field("Limit of LT.H").value).toBe("8");

    fireEvent.change(field("Deadband of LT.H"), { target: { value: "0.5" } });
    expect(screen.getByText("today 0")).toBeDefined();
    fireEvent.click(start());

    expect(await screen.findByText("LT.H: the proposal would have removed 83 of 97")).toBeDefined();
    const posted = asked.find((call) => call.method === "POST")?.body as { start: number; end: number };
    expect(posted).toMatchObject({ alarms: [{ ...body, condition: { kind: "high", limit: 8, deadband: 0.5 } }], names: null });
    expect(posted.end - posted.start).toBe(86_400);
    expect(screen.getByText("! 1 alarm could not be replayed")).toBeDefined();
    expect(screen.getByText("FT.H: tag FT is not recorded")).toBeDefined();
  });

  it("compares today's settings with what was recorded if nothing was changed", async () => {
    signIn();
    const today: ReplayResult = { ...result, alarms: [{ ...alarm, proposed: null, removed: 2, added: 3 }], proposed: null };
    const asked = fakeApi({ ...base, "POST /api/alarms/replay": { ...job, proposed: null }, [one]: { ...job, proposed: null, state: "done", result: today } });
    showPage(<ReplayPage />, "/replay", "/replay");
    fireEvent.click(start());

    expect(await screen.findByText("LT.H: today's settings would have removed 2 of 96 recorded and added 3")).toBeDefined();
    expect(asked.find((call) => call.method === "POST")?.body).toMatchObject({ alarms: null, names: null });
  });

  it("shows the progress and cancels", async () => {
    signIn();
    let state = "running";
    const asked = fakeApi({
      ...base,
      [one]: () => ({ ...job, state, error: state === "cancelled" ? "cancelled by anna" : "", result: null }),
      [`DELETE /api/alarms/replay/${job.id}`]: () => ({ ...job, state: (state = "cancelled") }),
    });
    showPage(<ReplayPage />, "/replay", `/replay?job=${job.id}`);
    expect(await screen.findByText("25 %, 5000 samples")).toBeDefined();

    fireEvent.click(screen.getByText("Cancel replay"));

    expect(await screen.findByText("cancelled by anna")).toBeDefined();
    expect(asked.some((call) => call.method === "DELETE")).toBe(true);
  });

  it("puts a mistake at the field that has it", async () => {
    signIn();
    const mistake = { subject: "alarm LT.H", field: "condition.limit", message: "out of the range 0 to 10 of LT", place: "", suggestion: "" };
    const other = { ...mistake, field: "tag", message: "unknown tag" };
    fakeApi({ ...base, "POST /api/alarms/replay": new Refusal(422, { code: "invalid_configuration", message: "no", mistakes: [mistake, other] }) });
    showPage(<ReplayPage />, "/replay", "/replay?alarms=LT.H");
    fireEvent.change(await screen.findByLabelText("Limit of LT.H"), { target: { value: "80" } });
    fireEvent.click(start());

    expect(await screen.findByText("out of the range 0 to 10 of LT")).toBeDefined();
    expect(screen.getByText("alarm LT.H: unknown tag")).toBeDefined();
  });

  it("does not start what is no number, and nothing for an operator", async () => {
    signIn();
    fakeApi(base);
    showPage(<ReplayPage />, "/replay", "/replay?alarms=LT.H");
    fireEvent.change(await screen.findByLabelText("On delay, s of LT.H"), { target: { value: "long" } });
    expect(screen.getByText("Not a number")).toBeDefined();
    expect(start().disabled).toBe(true);

    signIn("operator");
    await waitFor(() => expect(screen.getByText("Only an engineer may start a replay.")).toBeDefined());
  });
});
