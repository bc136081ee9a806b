"""A feed in a running web server, and a client that waits for its messages, for tests."""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import Any

import socketio

from automation.publishers.socketio.publisher import LivePublisher, register
from automation.publishers.socketio.sources import Limits, LiveSources
from automation.publishers.web.app import create_app
from automation.publishers.web.gate import Gate
from automation.publishers.web.server import WebServer
from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant

WAIT_S = 5.0


def live_sources(plant: ServedPlant) -> LiveSources:
    """What the feed reads of the plant."""
    return LiveSources(
        site="test",
        version="1.2.3",
        clock=plant.clock,
        cvt=plant.cvt,
        authenticator=plant.authenticator,
        alarms=plant.alarms,
        machines=plant.machines,
        estop=plant.outputs,
        guard_up=lambda: plant.guard_up,
        links=lambda: plant.links,
        generation=plant.generation,
    )


class Feed:
    """A web server with the feed; the test moves the clock, hence the publisher."""

    def __init__(self, plant: ServedPlant, clock: FakeClock, limits: Limits) -> None:
        self.plant = plant
        self.clock = clock
        app = create_app(Gate(plant.authenticator, clock))
        self.publisher: LivePublisher = register(app, live_sources(plant), clock, limits)
        plant.alarms.on_transition(self.publisher.alarm_changed)
        self.server = WebServer(app, "127.0.0.1", 0)
        self.server.start()
        self.publisher.start()

    def step(self) -> None:
        """Let one period pass."""
        self.clock.advance(0.11)  # a little more, because sums of tenths are not exact

    def stop(self) -> None:
        """Stop publisher and server, and see that they did."""
        assert self.publisher.stop()
        assert self.server.stop()


class RefusedError(Exception):
    """The server did not take the client; the text says why."""


class FeedClient:
    """A Socket.IO client that keeps what it is sent until the test asks for it."""

    def __init__(self, feed: Feed, token: str | None, **options: Any) -> None:
        self._feed = feed
        self.io = socketio.Client(reconnection=False, handle_sigint=False)
        self.messages: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.io.on("*", lambda event, *data: self.messages.put((event, data[0] if data else None)))
        self.io.on("disconnect", lambda *_: self.messages.put(("disconnected", None)))
        self.io.on("connect_error", lambda *data: self.messages.put(("refused", data[0] if data else None)))
        options.setdefault("transports", ["websocket"])
        try:
            self.io.connect(feed.server.url, auth=None if token is None else {"token": token}, wait_timeout=WAIT_S, **options)
        except socketio.exceptions.ConnectionError as error:
            told = "" if self.messages.empty() else str(self.messages.get()[1])
            raise RefusedError(f"{error}: {told}") from error

    def ask(self, event: str, data: Any) -> Any:
        """The reply to a request."""
        return self.io.call(event, data, timeout=WAIT_S)

    def next(self, event: str) -> Any:
        """The next message of that name; others before it are dropped."""
        while True:
            name, data = self.messages.get(timeout=WAIT_S)
            if name == event:
                return data

    def none_waits(self, event: str) -> bool:
        """True if no such message has come; drops what has."""
        waiting = []
        while not self.messages.empty():
            waiting.append(self.messages.get()[0])
        return event not in waiting

    def close(self) -> None:
        """Disconnect; the client's threads then end, also when the server parts at the same moment."""
        self.io.disconnect()
        engine = self.io.eio
        if engine.queue is not None:
            engine.queue.put(None)  # what its writer takes for the end
        if engine.ws is not None:
            engine.ws.shutdown()  # what its reader takes for the end


Connect = Callable[..., FeedClient]
