/** The one Socket.IO connection of the page: events in, subscriptions out, back by itself. */
import type { OperationView } from "@/api/outputs";
import { io, type Socket } from "socket.io-client";
import { get } from "@/api/client";
import { session } from "@/api/session";
import type { AlarmCounts, AlarmView, EstopView, Hello, LinkView, MachineView, SampleRow, User } from "@/api/types";
import type { Connection } from "./connection";
import type { PlantStore } from "./plant-store";
import type { TagStore, Transport } from "./tag-store";

interface SubscribeReply {
  ok: boolean;
  snapshot?: SampleRow[];
}

interface Items<T> {
  items: T[];
}

const RETRY_MS = 1_000;

/** Connects the stores to the runtime; gives a function that ends the connection. */
export function openSocket(tags: TagStore, plant: PlantStore, connection: Connection): () => void {
  const socket = io({
    auth: (give: (data: object) => void) => give({ token: session.get()?.token ?? "" }),
    transports: ["websocket", "polling"],
    reconnectionDelay: 500,
    reconnectionDelayMax: 3_000,
    timeout: 4_000,
  });
  const transport = transportOf(socket, tags, connection);
  let retry: number | undefined;
  let before = false;
  const again = (delayMs: number): void => {
    window.clearTimeout(retry);
    retry = window.setTimeout(() => void comeBack(socket), delayMs);
  };

  socket.on("connect", () => {
    connection.opened();
    tags.attach(transport);
    if (tags.subscribed().length === 0) connection.snapshotTaken();
    // Nobody told us what was changed while we were away; the runtime may even be another one.
    if (before) plant.configurationChanged();
    before = true;
  });
  socket.on("disconnect", () => {
    tags.detach();
    connection.closed();
    // The runtime parted on purpose, such as at the end of a token that has been renewed since: come back at once.
    if (!socket.active) again(50);
  });
  socket.on("connect_error", () => {
    connection.closed();
    if (!socket.active) again(RETRY_MS);
  });
  listen(socket, tags, plant, connection);
  connection.start();
  return () => {
    window.clearTimeout(retry);
    connection.stop();
    tags.detach();
    connection.closed();
    socket.removeAllListeners();
    socket.disconnect();
  };
}

/** The runtime refused the handshake: with a bad token this ends the session (by the 401), else it tries again. */
async function comeBack(socket: Socket): Promise<void> {
  try {
    await get<User>("/api/auth/me");
  } catch {
    // A 401 has already ended the session; when the runtime is away, the socket keeps trying.
  }
  if (session.get() !== null) socket.connect();
}

function transportOf(socket: Socket, tags: TagStore, connection: Connection): Transport {
  return {
    subscribe(names) {
      socket.emit("subscribe", { tags: names }, (reply: SubscribeReply) => {
        if (reply?.ok) tags.applySnapshot(names, reply.snapshot ?? []);
        connection.snapshotTaken();
      });
    },
    unsubscribe(names) {
      socket.emit("unsubscribe", { tags: names });
    },
  };
}

function listen(socket: Socket, tags: TagStore, plant: PlantStore, connection: Connection): void {
  socket.on("tags", (data: { time: number; items: SampleRow[] }) => {
    connection.message();
    tags.apply(data.items);
  });
  socket.on("heartbeat", (data: { time: number }) => connection.message(data.time));
  socket.on("hello", (data: Hello) => {
    connection.message(data.time);
    plant.hello.set(data);
  });
  socket.on("alarms_snapshot", (data: Items<AlarmView> & { counts: AlarmCounts }) => plant.alarmsSnapshot(data.items));
  socket.on("alarms", (data: Items<AlarmView> & { counts: AlarmCounts }) => plant.alarmsChanged(data.items));
  socket.on("machines_snapshot", (data: Items<MachineView>) => plant.machinesSnapshot(data.items));
  socket.on("machines", (data: Items<MachineView>) => plant.machinesChanged(data.items));
  socket.on("links", (data: Items<LinkView>) => plant.linksChanged(data.items));
  socket.on("events", (data: { newest: number }) => plant.newestEvent.set(data.newest));
  socket.on("directory", () => plant.configurationChanged());
  socket.on("estop", (data: EstopView) => plant.estop.set(data));
  socket.on("operation", (data: OperationView) => plant.operation.set(data));
}
