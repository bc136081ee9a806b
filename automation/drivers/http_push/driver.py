"""The driver of a device that posts: posts to reports, values to replies."""

from __future__ import annotations

import hmac
import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from automation.drivers.base import Reading, Sink
from automation.drivers.http_push.state import decode, parse, reading
from automation.model.errors import AuthenticationError, DeviceTimeoutError, InvalidValueError, LinkDownError
from automation.model.http_push_link import HttpPushLink
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.system.clock import Stopwatch

_MISSING = Reading(None, Quality.BAD_CONFIGURATION_ERROR)


@dataclass
class _Scan:
    """What is reported of one scan. told: indices that have had a value."""

    addresses: Sequence[tuple[str, ...]]
    sink: Sink
    told: set[int] = field(default_factory=set)


class HttpPushDriver:
    """One device that posts; see ``drivers.base.SubscribingDriver``. Connected means that it has posted not long ago.

    ``receive`` is called by the web server, from any thread. token: what the device proves itself with.
    """

    def __init__(self, link: HttpPushLink, token: str) -> None:
        self._link = link
        self._token = token
        self._time = parse(link.time) if link.time else None
        self._state: Mapping[str, Any] = {}
        self._quiet: Stopwatch | None = None
        self._open = False
        self._scans: dict[str, _Scan] = {}
        self._outputs: dict[str, Value] = {}
        self._unsent: set[str] = set()
        self._news = threading.Condition()

    def receive(self, token: str, body: bytes) -> Mapping[str, Value]:
        """Take a posted state; returns what was written to the device, by address, for the reply.

        Raises ``AuthenticationError`` for another token, ``InvalidValueError`` for a body that is no state.
        """
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            raise AuthenticationError(f"link {self._link.name}: wrong token")
        state = decode(body)
        with self._news:
            self._state, self._quiet = state, Stopwatch()
            for scan in self._scans.values():
                self._report(scan)
            self._unsent.clear()
            self._news.notify_all()
            return dict(self._outputs)

    def check(self, address: str) -> None:
        """Do nothing if the address can be read. Raises ``ConfigError`` naming what is wrong with it."""
        parse(address)

    def check_write(self, address: str) -> None:
        """Do nothing if the address can be written, as all can. Raises ``ConfigError`` naming what is wrong with it."""
        parse(address)

    def prepare(self, addresses: Sequence[str]) -> None:
        """Nothing can be done ahead."""

    def connect(self) -> None:
        """Begin without subscriptions. Raises ``LinkDownError`` if the device has not posted."""
        self.close()
        with self._news:
            if self._silent():
                raise LinkDownError(f"the device has not posted{self._for_so_long()}")
            self._open = True

    def close(self) -> None:
        """Forget subscriptions and what was written, so that a device which comes back acts on no old command."""
        with self._news:
            self._open = False
            self._scans.clear()
            self._outputs.clear()
            self._unsent.clear()
            self._news.notify_all()

    def check_alive(self) -> None:
        """Do nothing while the device posts. Raises ``DeviceTimeoutError`` when it has not for offline_s."""
        with self._news:
            self._check()

    def subscribe(self, scan: str, period_s: float, addresses: Sequence[str], sink: Sink) -> bool:
        """True: every post reports the addresses, beginning with the last one."""
        with self._news:
            self._check()
            self._scans[scan] = subscribed = _Scan([parse(address) for address in addresses], sink)
            self._report(subscribed)
        return True

    def unsubscribe(self, scan: str) -> None:
        """Report nothing more for the scan."""
        with self._news:
            self._check()
            self._scans.pop(scan, None)

    def read(self, addresses: Sequence[str]) -> Sequence[Reading]:
        """What the last post says of each address."""
        with self._news:
            self._check()
            return [reading(self._state, parse(address), self._time) or _MISSING for address in addresses]

    def write(self, address: str, value: Value) -> None:
        """Have the value in every reply from now on, and return when the first one has been given.

        Raises ``DeviceTimeoutError`` if the device does not post within timeout_s; then the value is withdrawn.
        """
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            raise InvalidValueError(f"{address}: {value} cannot be sent")
        with self._news:
            self._check()
            before = dict(self._outputs)
            self._outputs[address] = value
            self._unsent.add(address)
            self._news.wait_for(lambda: address not in self._unsent, self._link.timeout_s)
            if not self._open:
                raise LinkDownError("not connected")
            if address in self._unsent:
                self._unsent.discard(address)
                self._outputs = before
                raise DeviceTimeoutError(f"{address}: not sent, the device did not post within {self._link.timeout_s:g} s")

    def _check(self) -> None:
        if not self._open:
            raise LinkDownError("not connected")
        if self._silent():
            raise DeviceTimeoutError(f"the device has not posted{self._for_so_long()}")

    def _silent(self) -> bool:
        return self._quiet is None or self._quiet.elapsed_s() > self._link.offline_s

    def _for_so_long(self) -> str:
        return "" if self._quiet is None else f" for {self._quiet.elapsed_s():.1f} s"

    def _report(self, scan: _Scan) -> None:
        readings = []
        for index, keys in enumerate(scan.addresses):
            found = reading(self._state, keys, self._time)
            if found is None and index in scan.told:
                continue  # devices post only what has changed
            if found is not None and not found.quality.is_bad:
                scan.told.add(index)
            readings.append((index, found or _MISSING))
        if readings:
            scan.sink(readings)
