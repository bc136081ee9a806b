/** The shapes that the runtime's REST and Socket.IO interfaces speak. */

export type Value = number | boolean | string | null;
export type Severity = "GOOD" | "UNCERTAIN" | "BAD";
export type RoleName = "viewer" | "operator" | "supervisor" | "engineer" | "admin";
export type TagKind = "field" | "soft" | "output" | "system" | "derived";

/** name, value, quality, source time, server time. */
export type SampleRow = [string, Value, number, number | null, number | null];

export interface User {
  name: string;
  role: RoleName;
  must_change_password: boolean;
}

export interface LoginReply {
  token: string;
  expires_at: number;
  user: User;
}

export type TagType = "float" | "int" | "bool" | "string" | "enum";
export type Override = "forced" | "out_of_service";

export interface TagView {
  name: string;
  /** Never changes, also when the tag is renamed. */
  id: string;
  type: TagType;
  display_name: string;
  unit: string;
  unit_symbol: string;
  display_unit: string;
  display_unit_symbol: string;
  description: string;
  area: string;
  kind: TagKind;
  source: string | null;
  /** Formula of a derived tag. */
  expression: string | null;
  /** Computed by a function of an application. */
  function: boolean;
  scan: string;
  range: [number, number] | null;
  precision: number;
  width: string | null;
  /** Texts of an enum's values. */
  states: Record<string, string>;
  scale: Record<string, unknown> | null;
  deadband: number | string | null;
  history_deadband: number | string | null;
  writable: boolean;
  /** Who may put it; an operator if empty. */
  write_role: RoleName | "";
  retained: boolean;
  history: boolean;
  /** Which samples are kept; null if on change, or none. */
  recording: { mode: "change" | "swinging_door" | "periodic" | "all"; deadband: number | string | null; deviation: number | string | null; interval_s: number | null; min_interval_s: number | null; max_interval_s: number | null } | null;
  metadata: Record<string, string>;
  manufacturer: string;
  segment: string;
  kilometre_post: number | null;
  /** Who declared it: an application, the project, an equipment, or a person. */
  owner: string;
  override: Override | null;
  value: Value;
  quality: number;
  severity: Severity;
  reason: string;
  source_time: number | null;
  server_time: number | null;
  alarms: string[];
}

/** LUNACK, LACK: the cause is gone, but it is latched until somebody resets it. The last four are kept silent: shelved, suppressed, out of service, disabled. */
export type AlarmState = "NORM" | "UNACK" | "ACKED" | "RTNUN" | "LUNACK" | "LACK" | "SHLVD" | "DSUPR" | "OOSRV" | "DSBLD";

export interface AlarmView {
  name: string;
  tag: string;
  condition: "high" | "low" | "levels" | "deviation" | "rate_of_change" | "bool" | "discrete" | "discrepancy" | "bad_quality" | "stale" | "plausibility" | "comms" | "group" | "correlated";
  limit: number | null;
  /** Of limit and deadband, as it is printed. */
  unit_symbol?: string;
  deadband: number | null;
  priority: number;
  area: string;
  description: string;
  cause: string;
  action: string;
  /** What happens if nobody does anything. */
  consequence?: string;
  /** The time that the operator has; 0 if nobody said. */
  response_s?: number;
  alarm_class?: string;
  /** Where the operator looks: a path of the HMI, or a name. */
  display?: string;
  /** The areas that some of what operators read is inherited from, the nearest first. */
  guidance_from?: string;
  /** It was the first of its group. */
  first_out?: boolean;
  /** False: its class lets nobody shelve it. */
  shelvable?: boolean;
  /** Which limit of several it is beyond. */
  level?: string;
  state: AlarmState;
  /** What it is underneath, while it is kept silent. */
  core_state?: AlarmState;
  /** Why it is kept silent; empty if it is not. */
  silence?: string;
  silent_by?: string;
  silent_until?: number | null;
  /** How long an operator may shelve it, s. */
  longest_shelf_s: number;
  active: boolean;
  acked: boolean;
  occurrence_id: string | number | null;
  active_time: number | null;
  condition_time: number | null;
  ack_time: number | null;
  ack_by: string | null;
  ack_comment?: string;
  rtn_time: number | null;
  value: Value;
  quality: number | null;
  message: string;
}

export interface AlarmCounts {
  unack: number;
  active: number;
  by_priority: Record<string, number>;
}

export interface AlarmList {
  items: AlarmView[];
  counts: AlarmCounts;
}

/** One row of the journal. */
export interface JournalEvent {
  seq: number;
  time: number;
  kind: string;
  subject: string;
  message: string;
  actor: string;
  origin: string;
  details: Record<string, unknown> | null;
}

export interface MachineCommand {
  name: string;
  label: string;
  enabled: boolean;
}

export interface MachinePort {
  name: string;
  tag: string;
  direction: string;
}

export interface MachineView {
  name: string;
  description: string;
  area: string;
  state: string;
  state_since: number | null;
  states: string[];
  commands: MachineCommand[];
  fault: string | null;
  ports: MachinePort[];
}

export interface EstopView {
  latched: boolean;
  id: string;
  reason: string;
  actor: string;
  time: number;
  unconfirmed: string[];
  zones: EstopZone[];
  guard: "up" | "down";
}

export interface EstopZone {
  zone: string;
  latched: boolean;
  id: string;
  reason: string;
  actor: string;
  time: number;
  unconfirmed: string[];
}

export type LinkState = "connecting" | "up" | "refusing" | "lost";
export type ErrorKind = "down" | "timeout" | "refused" | "other";

export interface ScanView {
  name: string;
  period_s: number;
  tags: number;
  /** The device reports the tags by itself; they are polled otherwise. */
  subscribed: boolean;
  received: number;
  dropped: number;
  overruns: number;
  lateness_ms: number;
  lateness_p99_ms: number;
}

export interface LinkView {
  name: string;
  up: boolean;
  state: LinkState;
  since: number;
  last_error: string;
  requests: number;
  errors: number;
  errors_by_kind: Partial<Record<ErrorKind, number>>;
  reconnects: number;
  latency_ms: number;
  latency_p50_ms: number;
  latency_p95_ms: number;
  latency_p99_ms: number;
  received: number;
  dropped: number;
  overruns: number;
  endpoint: string;
  guarded: boolean;
  scans: ScanView[];
  kind: string;
  tags: number;
  owner: string;
  edited: boolean;
}

export interface AppView {
  name: string;
  title: string;
  description: string;
  screens: { id: string; title: string }[];
}

export interface Health {
  status: "ok" | "degraded";
  version: string;
  site: string;
  time: number;
  checks: Record<string, unknown>;
}

export interface Page<T> {
  items: T[];
  total?: number;
}

export interface MimicElement {
  id: string;
  type: string;
  x: number;
  y: number;
  w: number;
  h: number;
  rotation?: number;
  label?: string;
  props?: Record<string, unknown>;
  bind?: Record<string, string>;
}

export interface Mimic {
  id: string;
  title: string;
  width: number;
  height: number;
  elements: MimicElement[];
}

export interface Hello {
  time: number;
  site: string;
  version: string;
  user: string | User;
  period_s: number;
}
