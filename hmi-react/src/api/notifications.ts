/** Who is told of alarms, over which channels, and what has become of each message. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "./client";

export interface Channel {
  name: string;
  kind: "smtp" | "webhook" | "slack";
  target: string;
  state: "ok" | "failing" | "unused";
  waiting: number;
  sent: number;
  failed_attempts: number;
  given_up: number;
  error: string;
  last_sent: number | null;
  last_failed: number | null;
}

export interface Roster {
  name: string;
  people: { name: string; channels: string[]; on_duty: boolean; always: boolean }[];
}

/** An empty list matches every alarm. */
export interface NotificationRule {
  name: string;
  priorities: number[];
  areas: string[];
  classes: string[];
  alarms: string[];
  steps: { channel: string; roster: string; after_s: number }[];
  delay_s: number;
  until: "acknowledged" | "returned";
  quiet: boolean;
  watched: number;
}

export interface Notifications {
  channels: Channel[];
  rosters: Roster[];
  rules: NotificationRule[];
  waiting: number;
  watched: number;
}

export interface Delivery {
  seq: number;
  channel: string;
  rule: string;
  state: "waiting" | "sent" | "failed";
  recipient: string;
  subject: string;
  created: number;
  done: number | null;
  attempts: number;
  error: string;
}

export interface ChannelTest {
  ok: boolean;
  message: string;
  seconds: number;
}

const PERIOD_MS = 5000;

export function useNotifications() {
  return useQuery({ queryKey: ["notifications"], queryFn: ({ signal }) => get<Notifications>("/api/notifications", signal), refetchInterval: PERIOD_MS });
}

export function useDeliveries() {
  return useQuery({ queryKey: ["notifications", "deliveries"], queryFn: ({ signal }) => get<{ items: Delivery[] }>("/api/notifications/deliveries", signal), refetchInterval: PERIOD_MS });
}

/** Sends a message to try the channel. */
export function useChannelTest(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => post<ChannelTest>(`/api/notifications/channels/${encodeURIComponent(name)}/test`, {}),
    onSettled: () => queries.invalidateQueries({ queryKey: ["notifications"] }),
  });
}
