/** Ready-made descriptions for tests. */
import type { OutputView } from "@/api/outputs";
import type { AlarmView, MimicElement, SampleRow, TagView } from "@/api/types";

export const GOOD = 0;
export const UNCERTAIN = 0x40000000;
export const NOT_CONNECTED = 0x808a0000;

export function aTag(over: Partial<TagView> = {}): TagView {
  return {
    name: "TK101.LT",
    id: "t1",
    type: "float",
    display_name: "",
    unit: "m",
    unit_symbol: "m",
    display_unit: "",
    display_unit_symbol: "",
    description: "Supply tank level",
    area: "station/supply",
    kind: "field",
    source: "plant/input:0",
    expression: null,
    function: false,
    scan: "fast",
    range: [0, 5],
    precision: 2,
    width: null,
    states: {},
    scale: null,
    deadband: 0,
    history_deadband: null,
    write_role: "",
    retained: false,
    metadata: {},
    manufacturer: "",
    segment: "",
    kilometre_post: null,
    owner: "app:demo",
    override: null,
    writable: false,
    history: true,
    recording: null,
    value: 1,
    quality: GOOD,
    severity: "GOOD",
    reason: "",
    source_time: 100,
    server_time: 100,
    alarms: [],
    ...over,
  };
}

export function anAlarm(over: Partial<AlarmView> = {}): AlarmView {
  return {
    name: "TK101.LT.H",
    tag: "TK101.LT",
    condition: "high",
    limit: 4.4,
    deadband: 0.1,
    priority: 2,
    area: "station/supply",
    description: "Supply tank level high",
    cause: "",
    action: "",
    state: "UNACK",
    active: true,
    acked: false,
    occurrence_id: "one",
    active_time: 100,
    condition_time: 97,
    ack_time: null,
    ack_by: null,
    rtn_time: null,
    longest_shelf_s: 14_400,
    value: 4.5,
    quality: GOOD,
    message: "TK101.LT above 4.4",
    ...over,
  };
}

export function anElement(over: Partial<MimicElement> = {}): MimicElement {
  return { id: "e1", type: "pump", x: 0, y: 0, w: 60, h: 60, ...over };
}

export const row = (name: string, value: SampleRow[1], quality = GOOD, time = 100): SampleRow => [name, value, quality, time, time];

/** An output that is on, locked, and would be blocked. */
export const outputPut: { tag: TagView; output: OutputView } = {
  tag: aTag({ name: "FV1.CMD", type: "bool", unit: "", unit_symbol: "", range: null, kind: "output", source: "plant/coil:1", writable: true, value: false }),
  output: {
    name: "FV1.CMD",
    safe: false,
    max_on_s: 60,
    continuous: false,
    zone: "",
    operate: "direct",
    guarded: true,
    active: true,
    safe_pending: false,
    deadline: Date.now() / 1000 + 30,
    until: "",
    owner: "anna",
    permissives: [],
    interlocks: [{ text: "Leak", expression: "LEAK", state: "blocks", why: "LEAK is true" }],
    blocked: ["tagged out by ben: seal", "Leak (LEAK is true)"],
    tag_out: { owner: "ben", note: "seal", time: 100 },
    lease: null,
    selection: null,
    mismatch: false,
    operation: {
      id: "op1", subject: "FV1.CMD", actor: "anna", origin: "rest", state: "confirmed", message: "", value: true, unit: "", for_s: 30, until: "", ends: null,
      running: true, created: 1, changed: 2,
    },
  },
};
