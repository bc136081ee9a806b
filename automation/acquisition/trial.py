"""A try at a device: step by step, so that one sees what is wrong and where."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from automation.drivers.base import Driver, Reading
from automation.model.errors import AutomationError, ConfigError, DriverError
from automation.model.link import LinkDeclaration
from automation.system.clock import Stopwatch

_CONNECT_S = 3.0
_ERRNO = re.compile(r"\[Errno -?\d+\] ")
_HINTS = {
    "connect call failed": "nothing listens there: look at the address, the port, and whether the service runs",
    "connection refused": "the machine is there, but nothing listens on this port: look at port and service",
    "timed out": "nothing answers: look at the address, the cable, the power, and a firewall between",
    "no route": "there is no way to this address: look at the network settings of both sides",
    "unreachable": "there is no way to this address: look at the network settings of both sides",
    "not known": "nobody knows this name: look at its spelling, or write the address",
    "no address": "nobody knows this name: look at its spelling, or write the address",
    "no answer": "the line is open, but the device does not answer: look at the unit, and at baud and parity of a serial line",
    "no such file": "there is no such serial port on this machine",
    "permission": "this user may not open it",
    "certificate": "the certificate is not the one that is trusted",
}


@dataclass(frozen=True, kw_only=True)
class TrialStep:
    """One step. step: ``declaration``, ``name``, ``port``, ``connect`` or ``read``. ms: how long it took. message: for people."""

    step: str
    ok: bool
    ms: float
    message: str


@dataclass(kw_only=True)
class Trial:
    """What a try came to; the first step that failed is the last."""

    steps: list[TrialStep] = field(default_factory=list)
    reading: Reading | None = None

    @property
    def ok(self) -> bool:
        """True if every step went well."""
        return all(step.ok for step in self.steps)


class AddressLook(NamedTuple):
    """What a device gave for one address, before scaling. error: why there is nothing, empty if there is."""

    address: str
    reading: Reading
    error: str = ""


class _StepFailedError(Exception):
    """Stops the steps that would follow."""


class _Done(NamedTuple):
    words: list[str]

    def say(self, words: str) -> None:
        """Have the step tell that."""
        self.words[:] = [words]


def try_link(link: LinkDeclaration, build: Callable[[], Driver], address: str = "") -> Trial:
    """What came of connecting to the device of a link, and of reading the address if there is one.

    build: makes a driver that nobody else uses, not connected; it is closed at the end. Never raises; takes as long as the
    link's timeouts and some seconds.
    """
    trial = Trial()
    driver: Driver | None = None
    try:
        with _step(trial, "declaration"):
            driver = build()
            if address:
                driver.check(address)
        place = _place(link)
        if place is not None:
            _knock(trial, *place)
        with _step(trial, "connect") as done:
            driver.connect()
            done.say(f"connected to {link.endpoint}")
        if address:
            _read(trial, driver, address)
    except _StepFailedError:
        pass
    finally:
        if driver is not None:
            driver.close()
    return trial


def hint_of(words: str) -> str:
    """What a person should look at, from the words of an error; empty if nobody knows."""
    lower = words.lower()
    return next((hint for sign, hint in _HINTS.items() if sign in lower), "")


@contextmanager
def _step(trial: Trial, name: str) -> Iterator[_Done]:
    watch, done = Stopwatch(), _Done(["in order"])
    try:
        yield done
    except (AutomationError, OSError) as error:
        words = _ERRNO.sub("", str(error))
        hint = hint_of(words)
        message = f"{words}: {hint}" if hint else words
        trial.steps.append(TrialStep(step=name, ok=False, ms=watch.elapsed_s() * 1000, message=message))
        raise _StepFailedError from error
    trial.steps.append(TrialStep(step=name, ok=True, ms=watch.elapsed_s() * 1000, message=done.words[0]))


def _knock(trial: Trial, host: str, port: int) -> None:
    """Look the name up, if it is one, and open the port, before the driver does it with fewer words."""
    if not _is_address(host):
        with _step(trial, "name") as done:
            try:
                found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            except UnicodeError as error:
                raise ConfigError(f"{host}: no name of a host: not known") from error
            done.say(f"{host} is {found[0][4][0]}")
    with _step(trial, "port") as done, socket.create_connection((host, port), _CONNECT_S):
        done.say(f"port {port} is open")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _read(trial: Trial, driver: Driver, address: str) -> None:
    with _step(trial, "read") as done:
        trial.reading = reading = driver.read((address,))[0]
        if reading.quality.is_bad:
            raise DriverError(f"{address}: {reading.quality.name.removeprefix('BAD_').lower().replace('_', ' ')}")
        done.say(f"{address} is {reading.value}")


def _place(link: LinkDeclaration) -> tuple[str, int] | None:
    """Host and port of a link over the network, None for another."""
    url = getattr(link, "url", "")
    if url:
        parts = urlsplit(url)
        return (parts.hostname, parts.port) if parts.hostname and parts.port else None
    address = getattr(link, "address", None)
    if isinstance(address, tuple):
        return address
    host, port = getattr(link, "host", ""), getattr(link, "port", None)
    return (host, port) if host and isinstance(port, int) and not getattr(link, "serial", False) else None
