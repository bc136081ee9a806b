import { describe, expect, it } from "vitest";
import type { LinkSchema } from "@/api/links";
import { bodyOf, draftOf, fieldsOf, isSayable, isShown, rowFault } from "./link-schema";

const schema: LinkSchema = {
  properties: {
    name: { type: "string" },
    kind: { const: "modbus", type: "string" },
    transport: { enum: ["tcp", "rtu"], type: "string", default: "tcp" },
    host: { type: "string", default: "", "x-only-for": { transport: ["tcp"] } },
    port: { type: "integer", default: 502, "x-only-for": { transport: ["tcp"] } },
    serial_port: { type: "string", default: "", "x-only-for": { transport: ["rtu"] } },
    guarded: { type: "boolean", default: false },
    watchdog: { anyOf: [{ type: "string", maxLength: 500 }, { type: "null" }], default: null, "x-only-for": { guarded: [true] }, "x-advanced": true },
    timeout_s: { type: "number", default: 0.5, "x-unit": "s" },
    scans: { type: "object", additionalProperties: { type: "number" }, default: { fast: 0.1, slow: 2 } },
    polled: { type: "array", default: [] },
  },
};
const fields = fieldsOf(schema);
const body = (patch: object) => bodyOf("plc", "modbus", { ...draftOf({}, fields), ...patch }, fields);

describe("the form of a link", () => {
  it("has the fields of the schema but for name and kind, each of its sort", () => {
    expect(fields.map((field) => [field.name, field.sort])).toEqual([
      ["transport", "choice"],
      ["host", "text"],
      ["port", "whole"],
      ["serial_port", "text"],
      ["guarded", "switch"],
      ["watchdog", "text"],
      ["timeout_s", "number"],
      ["scans", "numbers"],
      ["polled", "texts"],
    ]);
    expect(fields.find((field) => field.name === "timeout_s")?.unit).toBe("s");
    expect(fields.find((field) => field.name === "watchdog")?.advanced).toBe(true);
  });

  it("says only what differs from the defaults", () => {
    expect(body({})).toEqual({ name: "plc", kind: "modbus" });
    expect(body({ host: "10.0.0.5", port: "502", timeout_s: "1,5" })).toEqual({ name: "plc", kind: "modbus", host: "10.0.0.5", timeout_s: 1.5 });
  });

  it("leaves out what the other fields make meaningless", () => {
    expect(body({ transport: "rtu", host: "10.0.0.5", serial_port: "/dev/ttyUSB0" })).toEqual({ name: "plc", kind: "modbus", transport: "rtu", serial_port: "/dev/ttyUSB0" });
    expect(body({ watchdog: "holding:1" })).toEqual({ name: "plc", kind: "modbus" });
    expect(body({ guarded: true, watchdog: "holding:1" })).toMatchObject({ guarded: true, watchdog: "holding:1" });
  });

  it("hands what is no number on, so that the runtime says what is wrong", () => {
    expect(body({ port: "many" })).toMatchObject({ port: "many" });
    expect(body({ port: "" })).toEqual({ name: "plc", kind: "modbus" });
  });

  it("keeps tables and lists", () => {
    expect(body({ scans: [{ key: "fast", value: "0.2" }, { key: " ", value: "1" }], polled: "fast\n slow " })).toMatchObject({ scans: { fast: 0.2 }, polled: ["fast", "slow"] });
  });

  it("keeps a text of a list whole, whatever is in it", () => {
    const draft = draftOf({ name: "plc", kind: "modbus", polled: ["a, b", "c;d"] }, fields);

    expect(bodyOf("plc", "modbus", draft, fields)["polled"]).toEqual(["a, b", "c;d"]);
  });

  it("keeps an emptied text whose default is another one", () => {
    const suffix = fieldsOf({ properties: { set_suffix: { type: "string", default: "/set" }, status_topic: { type: "string", default: "" } } });

    expect(bodyOf("b", "mqtt", draftOf({ set_suffix: "" }, suffix), suffix)).toEqual({ name: "b", kind: "mqtt", set_suffix: "" });
    expect(bodyOf("b", "mqtt", draftOf({}, suffix), suffix)).toEqual({ name: "b", kind: "mqtt" });
  });

  it("tells the rows of a table that no body could hold", () => {
    const rows = [{ key: "fast", value: "1" }, { key: " fast ", value: "2" }, { key: "", value: "3" }, { key: "", value: "" }];

    expect(rows.map((_, at) => rowFault(rows, at))).toEqual([null, "twice", "nameless", null]);
    expect(isSayable(fields, { ...draftOf({}, fields), scans: rows })).toBe(false);
    expect(isSayable(fields, draftOf({}, fields))).toBe(true);
  });

  it("begins with what a definition says", () => {
    const draft = draftOf({ name: "plc", kind: "modbus", host: "h", scans: { only: 3 }, guarded: true }, fields);

    expect(draft["host"]).toBe("h");
    expect(draft["scans"]).toEqual([{ key: "only", value: "3" }]);
    expect(bodyOf("plc", "modbus", draft, fields)).toEqual({ name: "plc", kind: "modbus", host: "h", guarded: true, scans: { only: 3 } });
    expect(fields.filter((field) => isShown(field, draft)).map((field) => field.name)).not.toContain("serial_port");
  });
});
