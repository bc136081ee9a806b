"""Reports of alarms over a long time: each is made by a process of its own, so that live work and other answers go on."""

from __future__ import annotations

import subprocess
import sys
import threading

import orjson

from automation.model import errors
from automation.model.errors import AutomationError, ConflictError, StorageError
from automation.observers.alarms.analytics.child import report_order
from automation.observers.alarms.analytics.reading import Asked
from automation.observers.alarms.analytics.report import Report
from automation.settings import Settings

_MODULE = "automation.observers.alarms.analytics.child"
_AT_ONCE = 2
_TURN_S, _LIMIT_S = 10.0, 120.0


class AnalyticsProcesses:
    """Makes reports of the journal of an installation, as ``Elsewhere``; a few at a time, others wait a little for their turn.

    at_once: how many. turn_s: how long one waits, s. limit_s: how long one may take, s.
    """

    def __init__(self, settings: Settings, at_once: int = _AT_ONCE, turn_s: float = _TURN_S, limit_s: float = _LIMIT_S) -> None:
        self._settings = settings
        self._turn_s = turn_s
        self._limit_s = limit_s
        self._at_once = at_once
        self._free = threading.BoundedSemaphore(at_once)

    def __call__(self, asked: Asked) -> Report:
        """The report."""
        settings = self._settings
        if not self._free.acquire(timeout=self._turn_s):
            raise ConflictError(
                f"alarm analytics: {self._at_once} reports are being made; try again when one of them is done", "busy"
            )
        try:
            return self._made(report_order(asked, settings.site.time_zone, settings.alarms.targets, settings.config_url))
        finally:
            self._free.release()

    def _made(self, order: bytes) -> Report:
        command = [sys.executable, "-m", _MODULE]
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and program
                command, input=order, stdout=subprocess.PIPE, timeout=self._limit_s, check=False, start_new_session=True
            )
        except subprocess.TimeoutExpired as error:
            raise StorageError(f"alarm analytics: not done within {self._limit_s:g} s; ask for a shorter time") from error
        except OSError as error:
            raise StorageError(f"alarm analytics: the process that makes reports cannot be started: {error.strerror}") from error
        if not done.stdout:
            raise StorageError(f"alarm analytics: the process that makes reports ended with status {done.returncode}")
        answer: Report = orjson.loads(done.stdout)
        if "error" in answer:
            kind = getattr(errors, answer["kind"], StorageError)
            raise kind(answer["error"]) if issubclass(kind, AutomationError) else StorageError(answer["error"])
        return answer
