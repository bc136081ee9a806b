"""The feed put together: handlers of the library's events, and the workers that step the hub."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, request
from flask_socketio import ConnectionRefusedError as Refused
from pydantic import BaseModel, ConfigDict, Field, StrictStr, ValidationError

from automation.commands.operations import Operation
from automation.model.errors import AutomationError
from automation.model.event import Event
from automation.observers.alarms.view import AlarmView
from automation.publishers.socketio.engine import LiveEngine
from automation.publishers.socketio.hub import Hub, Reply, refusal
from automation.publishers.socketio.sources import Limits, LiveSources
from automation.system.clock import RealClock, VirtualClock
from automation.system.worker import Worker

log = logging.getLogger(__name__)

_KEEP_S = 1.0
_FAREWELL_S = 0.5


class _Names(BaseModel):
    """What a client sends to subscribe or unsubscribe."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tags: list[StrictStr] = Field(max_length=20_000)


class LivePublisher:
    """The feed at ``/socket.io`` of the application; ``start`` begins to publish."""

    def __init__(self, app: Flask, sources: LiveSources, clock: RealClock | VirtualClock, limits: Limits) -> None:
        self.hub = Hub(sources, limits)
        self._engine = LiveEngine(app, limits, self.hub.lock)
        self.workers = (
            Worker("live", self.hub.step, limits.period_s, clock),
            Worker("live keeper", self._keep, _KEEP_S, clock),
        )
        io = self._engine.io
        io.on("connect")(self._connect)
        io.on("disconnect")(self._disconnect)
        io.on("subscribe")(self._subscribe)
        io.on("unsubscribe")(self._unsubscribe)
        io.on_error_default(_answer_error)

    @property
    def connections(self) -> int:
        """How many connections there are, logged in or not."""
        return self._engine.connections

    @property
    def unanswered(self) -> int:
        """How many connections were asked for a sign of life and have not given it yet."""
        return self._engine.unanswered

    def start(self) -> None:
        """Begin to publish."""
        for worker in self.workers:
            worker.start()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Part with all clients and end the workers; call it before the web server is stopped. True when they are gone."""
        gone = [worker.stop(timeout_s) for worker in self.workers]
        self.hub.close()
        self._engine.close(_FAREWELL_S)
        return all(gone)

    def alarm_changed(self, view: AlarmView, event: Event | None = None) -> None:
        """Tell all clients of an alarm; a listener for the alarms' transitions."""
        del event
        self.hub.news.alarm(view)

    def events_kept(self, newest: int) -> None:
        """Tell all clients that there are newer events; a listener for ``EventIndex.on_news``."""
        self.hub.news.events(newest)

    def operation_changed(self, operation: Operation) -> None:
        """Tell all clients of an operation; a listener for ``Operations.on_change``."""
        self.hub.news.operation(operation)

    def _keep(self, now: float) -> None:
        self.hub.keep(now)
        self._engine.keep(now, self.hub.knows)

    def _connect(self, auth: object = None) -> None:
        token = auth.get("token") if isinstance(auth, dict) else None
        sid = _sid()
        try:
            self.hub.connect(sid, self._engine.wire(sid), token if isinstance(token, str) else "", _origin())
        except AutomationError as error:
            raise Refused(str(error)) from error
        except KeyError as error:
            raise Refused("the connection is gone") from error

    def _disconnect(self, *_reason: object) -> None:
        self.hub.disconnect(_sid())

    def _subscribe(self, data: object = None, *_more: object) -> Reply:
        return self.hub.subscribe(_sid(), _Names.model_validate(data).tags)

    def _unsubscribe(self, data: object = None, *_more: object) -> Reply:
        return self.hub.unsubscribe(_sid(), _Names.model_validate(data).tags)


def register(app: Flask, sources: LiveSources, clock: RealClock | VirtualClock, limits: Limits | None = None) -> LivePublisher:
    """Add the feed to the application; it publishes once it is started."""
    return LivePublisher(app, sources, clock, limits or Limits())


def _answer_error(error: Exception) -> Reply:
    if isinstance(error, ValidationError):
        return refusal("invalid_request", "expected {tags: [names]}")
    if isinstance(error, AutomationError):
        return refusal("refused", str(error))
    log.error("a request of a client failed", exc_info=error)
    return refusal("internal_error", "the runtime failed to answer; its log tells why")


def _sid() -> str:
    sid: Any = request.sid  # type: ignore[attr-defined]  # Flask-SocketIO's own attribute
    return str(sid)


def _origin() -> str:
    return f"socketio {request.remote_addr or 'unknown'}"
