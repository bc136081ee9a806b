"""A session on an island of its own, behind synchronous calls."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any, TypeVar

from automation.drivers.opcua.certificates import Credentials
from automation.drivers.opcua.client.opening import open_session
from automation.drivers.opcua.client.session import Session
from automation.model.errors import DeviceTimeoutError
from automation.model.opcua_link import OpcUaLink
from automation.system.island import Island

T = TypeVar("T")

_GRACE_S = 5.0  # beyond the time in which every call ends by itself


class Connection:
    """An open session of the link; one thread makes the calls. Raises ``LinkDownError`` if there is none to be had."""

    def __init__(self, link: OpcUaLink, credentials: Credentials) -> None:
        self._link = link
        self._island = Island(f"opcua {link.name}")
        self._island.start()
        try:
            self.session: Session = self.call(open_session(link, credentials))
        except BaseException:
            self._island.stop()
            raise

    def call(self, coroutine: Coroutine[Any, Any, T], requests: int = 1) -> T:
        """What the coroutine returns or raises. requests: how many of them it may wait for, one after the other.

        Raises ``DeviceTimeoutError`` if it has not ended by then.
        """
        try:
            return self._island.call(coroutine, self._link.timeout_s * requests + _GRACE_S)
        except FutureTimeoutError as error:
            raise DeviceTimeoutError(f"{self._link.url}: no answer") from error

    def close(self) -> None:
        """End the session and its thread."""
        try:
            self.call(self.session.close())
        except DeviceTimeoutError:
            pass
        finally:
            self._island.stop()


def alone(name: str, ask: Callable[[], Coroutine[Any, Any, T]], timeout_s: float) -> T:
    """What one coroutine returns or raises, on an island that lives as long as it runs."""
    island = Island(name)
    island.start()
    try:
        return island.call(ask(), timeout_s + _GRACE_S)
    except FutureTimeoutError as error:
        raise DeviceTimeoutError(f"{name}: no answer") from error
    finally:
        island.stop()
