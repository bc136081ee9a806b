"""A Socket.IO client that costs next to nothing, so that the figure is the runtime's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import simple_websocket

from automation.model.errors import ConfigError
from automation.system.clock import Stopwatch

_OPEN, _PING, _PONG, _MESSAGE = "0", "2", "3", "4"
_CONNECT, _EVENT, _ACK, _REFUSED = "0", "2", "3", "4"
_ANSWER_S = 10.0


class Event(NamedTuple):
    """An event of the server. data: its first argument."""

    name: str
    data: Any


class LiveClient:
    """One connection to the live feed over WebSocket, speaking Engine.IO 4 and Socket.IO 5 in the default namespace.

    Raises ``ConfigError`` if the server does not take the token.
    """

    def __init__(self, host: str, port: int, token: str) -> None:
        try:
            self._socket = simple_websocket.Client(f"ws://{host}:{port}/socket.io/?EIO=4&transport=websocket")
        except (OSError, simple_websocket.ConnectionError) as error:
            raise ConfigError(f"live feed at {host}:{port}: {error}") from error
        self._expect(_OPEN)
        self._socket.send(f"{_MESSAGE}{_CONNECT}{json.dumps({'token': token})}")
        self._expect(_MESSAGE + _CONNECT)

    def __enter__(self) -> LiveClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def subscribe(self, tags: Sequence[str]) -> None:
        """Have changes of the tags sent. Raises ``ConfigError`` if the server refuses."""
        self._socket.send(f"{_MESSAGE}{_EVENT}1{json.dumps(['subscribe', {'tags': list(tags)}])}")
        answer = json.loads(self._expect(f"{_MESSAGE}{_ACK}1"))[0]
        if not answer.get("ok"):
            raise ConfigError(f"live feed: subscribe: {answer}")

    def receive(self, timeout_s: float) -> Event | None:
        """The next event, None if there is none within timeout_s. Raises ``ConfigError`` if the connection is lost."""
        watch = Stopwatch()
        while True:
            packet = self._packet(timeout_s - watch.elapsed_s())
            if packet is None:
                return None
            if packet.startswith(_MESSAGE + _EVENT):
                name, *arguments = json.loads(packet[2:])
                return Event(name, arguments[0] if arguments else None)

    def close(self) -> None:
        """Leave."""
        self._socket.close()

    def _expect(self, start: str) -> str:
        """What follows the start in the first packet that begins with it; others are passed over."""
        watch = Stopwatch()
        while True:
            packet = self._packet(_ANSWER_S - watch.elapsed_s())
            if packet is None or packet.startswith(_MESSAGE + _REFUSED):
                raise ConfigError(f"live feed: no answer {start!r} but {packet or 'nothing'}")
            if packet.startswith(start):
                return packet[len(start) :]

    def _packet(self, timeout_s: float) -> str | None:
        try:
            packet = self._socket.receive(timeout=max(0.0, timeout_s))
        except simple_websocket.ConnectionClosed as error:
            raise ConfigError(f"live feed: the server closed the connection: {error}") from error
        if packet is None:
            return None
        text = packet if isinstance(packet, str) else packet.decode()
        if text == _PING:
            self._socket.send(_PONG)
        return text
