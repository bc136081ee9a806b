import { describe, expect, it } from "vitest";
import "@/i18n";
import { bodyOf } from "./tag-body";
import { draftOf, emptyFilter, emptyOutput, emptyScale } from "./tag-draft";

const level = {
  name: "TK101.LT",
  unit: "m",
  description: "Level",
  area: "station/supply",
  source: "plc/40",
  scan: "fast",
  range: [0, 5],
  precision: 3,
  deadband: "0.5 %",
  history_deadband: 0.01,
  scale: { raw: [0, 27648], eng: [0, 5], limits: [-100, 28000], clamp: true },
  filters: [{ kind: "median", samples: 5 }, { kind: "outlier", threshold: 3 }],
  checks: { max_rate: 0.5, agrees_with: "TK101.LT2", within: 0.1, for_s: 5 },
  metadata: { serial: "A-1" },
  kilometre_post: 12.5,
};

const fields = (mistakes: { field: string }[]): string[] => mistakes.map((mistake) => mistake.field);

describe("form of a tag", () => {
  it.each([
    ["a field tag", level],
    ["an output", { name: "XV", type: "bool", source: "plc/1", output: { safe: false, max_on_s: 600 } }],
    ["an output that nobody may put", { name: "XV", type: "bool", source: "plc/1", writable: false, output: { safe: true, continuous: true, estop: false } }],
    ["an output with every rule", { name: "XV", type: "bool", source: "plc/1", output: { safe: false, max_on_s: 60, min_on_s: 1, zero_hold_s: 2, zone: "east", motion: "HOIST", readback: "XV.RUN", restart: "hold", comm_loss: "hold", operate: "select", permissives: [{ expression: "A" }], interlocks: [{ expression: "B", text: "No" }] } }],
    ["an emergency-stop button", { name: "ES", type: "bool", source: "plc/1", estop_input: { pressed: true, zone: "east", on_loss: "ignore" } }],
    ["an enum", { name: "MODE", type: "enum", states: { "0": "Hand", "1": "Auto" }, writable: true, write_role: "supervisor", initial: 1 }],
    ["a derived tag", { name: "VOL", expression: "2 * LT", unit: "m3", history: false }],
    ["a tag that is recorded as a line needs it", { name: "TT", range: [0, 100], history: { mode: "swinging_door", deviation: "0.5 %", max_interval_s: 600 } }],
    ["a tag that is recorded in intervals", { name: "TT", history: { mode: "periodic", interval_s: 10 } }],
    ["a tag with a heartbeat", { name: "TT", history: { deadband: 1, min_interval_s: 1, max_interval_s: 60 } }],
    ["a counter", { name: "N", type: "int", width: "uint16", initial: 0, retained: true }],
    ["a text", { name: "BATCH", type: "string", initial: "none" }],
  ])("gives back the definition of %s as it was", (_, body) => {
    expect(bodyOf(draftOf(body))).toEqual({ body, mistakes: [], missing: [] });
  });

  it("keeps what it does not show", () => {
    expect(bodyOf(draftOf({ name: "A", note: { x: 1 } })).body).toEqual({ name: "A", note: { x: 1 } });
  });

  it("leaves out what a tag of the chosen type and kind does not have", () => {
    const asText = bodyOf({ ...draftOf(level), type: "string", kind: "soft" }).body;
    expect(Object.keys(asText).sort()).toEqual(["area", "checks", "description", "kilometre_post", "metadata", "name", "type"]);
    expect(asText["checks"]).not.toHaveProperty("max_rate");
  });

  it("leaves out what another way to record had, and asks for what this one needs", () => {
    const draft = draftOf({ name: "TT", history: { mode: "periodic", interval_s: 10 } });
    expect(bodyOf({ ...draft, history: "change" }).body).toEqual({ name: "TT" });
    expect(fields(bodyOf({ ...draft, history: "swinging_door" }).missing)).toEqual(["history.deviation"]);
    expect(fields(bodyOf({ ...draft, recording: { interval_s: "often" } }).mistakes)).toEqual(["history.interval_s"]);
  });

  it("says at its field what cannot be read", () => {
    const draft = { ...draftOf(level), name: "a b", low: "x", precision: "1.5", deadband: "1 percent" };
    expect(fields(bodyOf(draft).mistakes)).toEqual(["name", "range", "precision", "deadband"]);
    expect(fields(bodyOf({ ...draftOf(level), low: "9" }).mistakes)).toEqual(["range"]);
  });

  it("says what is still to be typed apart from what is wrong", () => {
    const draft = { ...draftOf(), kind: "field" as const, low: "1", scale: emptyScale(), filters: [emptyFilter("kalman"), emptyFilter("outlier")], output: { ...emptyOutput(), safe: "" } };
    const { mistakes, missing } = bodyOf(draft);
    expect(mistakes).toEqual([]);
    expect(new Set(fields(missing))).toEqual(new Set(["name", "source", "output.safe", "range", "scale.raw", "scale.eng", "filters.0.process_noise", "filters.0.measurement_noise"]));
  });

  it("refuses a state that is told twice", () => {
    const draft = { ...draftOf({ name: "M", type: "enum" }), states: [{ key: "1", value: "A" }, { key: "01", value: "B" }] };
    expect(fields(bodyOf(draft).mistakes)).toEqual(["states"]);
  });

  it("reads numbers with a decimal comma", () => {
    expect(bodyOf({ ...draftOf({ name: "A" }), kilometre_post: "12,5" }).body["kilometre_post"]).toBe(12.5);
  });

  it("asks for no formula where a function computes the tag", () => {
    expect(bodyOf(draftOf({ name: "D" }, true))).toEqual({ body: { name: "D" }, mistakes: [], missing: [] });
  });
});
