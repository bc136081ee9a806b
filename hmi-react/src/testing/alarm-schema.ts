/** The schema of alarms as the runtime tells it, cut down to what forms look at. */
import type { Schema } from "@/api/configuration";

const number = { type: "number" };
const notBelow = { type: "number", minimum: 0 };
const delay = { type: "number", minimum: 0, maximum: 86_400 };
const name = { type: "string" };
const object = (properties: Schema): Schema => ({ type: "object", properties });
const level = { $ref: "#/$defs/LevelBody" };
const side = { $ref: "#/$defs/SideBody" };
const size = { default: 0, anyOf: [{ type: "number", minimum: 0 }, { type: "string", pattern: "^\\s*[0-9.eE+\\-]+\\s*%\\s*$" }] };
const limited = { limit: number, limit_tag: name, deadband: size, unit: name };

const kinds: Record<string, Schema> = {
  high: limited,
  low: limited,
  levels: { low_low: level, low: level, high: level, high_high: level, unit: name },
  deviation: { high: side, low: side, setpoint: number, setpoint_tag: name, unit: name },
  rate_of_change: { rising: number, falling: number, window_s: delay, min_samples: { type: "integer", minimum: 2, maximum: 32 } },
  bool: { alarm_value: { type: "boolean" } },
  discrete: { values: { type: "array" } },
  discrepancy: { other: name, tolerance: notBelow },
  bad_quality: {},
  stale: { timeout_s: delay },
  plausibility: { faults: { type: "array" } },
  comms: {},
  group: { members: { type: "array" }, reflash: { type: "boolean" } },
  correlated: { members: { type: "array" }, count: { type: "integer" }, window_s: delay, cooldown_s: delay },
};

/** without: kinds that the runtime does not know. */
export const alarmSchema = (without: readonly string[] = []): Schema => {
  const known = Object.keys(kinds).filter((kind) => !without.includes(kind));
  return {
    $defs: {
      ...Object.fromEntries(known.map((kind) => [`${kind}Body`, object(kinds[kind] ?? {})])),
      LevelBody: object({ limit: number, limit_tag: name, deadband: size, priority: { type: "integer", minimum: 1, maximum: 5 } }),
      SideBody: object({ limit: number, deadband: notBelow }),
    },
    properties: {
      condition: { discriminator: { mapping: Object.fromEntries(known.map((kind) => [kind, `#/$defs/${kind}Body`])) } },
      on_delay_s: delay,
      off_delay_s: delay,
      realarm_s: delay,
      response_s: delay,
      area: { type: "string", maxLength: 200 },
      cause: { type: "string", maxLength: 1000 },
      display: { anyOf: [{ type: "string", maxLength: 120 }, { type: "null" }] },
      first_out: name,
      enabled_when: { type: "string", maxLength: 2000 },
    },
  };
};
