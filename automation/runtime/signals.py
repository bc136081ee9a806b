"""SIGTERM and Ctrl-C as something that can be waited for."""

from __future__ import annotations

import logging
import os
import select
import signal
from types import FrameType

log = logging.getLogger(__name__)

_HEEDED = (signal.SIGTERM, signal.SIGINT)


class StopSignal:
    """The wish of somebody outside that the process ends; any number of signals are one wish.

    The interpreter writes the number of the signal to a pipe within the signal handler of the operating system. A
    handler in Python would run later, and only once the main thread runs Python: a signal that another thread took,
    or that came just before the main thread began to wait, would be heard by nobody.
    """

    def __init__(self) -> None:
        self._number = 0
        self._reader = self._writer = -1

    @property
    def received(self) -> bool:
        """True from the first signal on; ``heed`` comes before, or it stays False."""
        if self._number == 0 and self._reader >= 0 and select.select([self._reader], [], [], 0)[0]:
            self._read()
        return self._number != 0

    def heed(self) -> None:
        """Take SIGTERM and SIGINT from now on; main thread only."""
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)  # a full pipe has told already
        for number in _HEEDED:
            signal.signal(number, _heard)

    def wait(self) -> None:
        """Return after the first signal; ``heed`` comes before."""
        while self._number == 0:
            self._read()
        log.info("stopping on %s", signal.Signals(self._number).name)

    def _read(self) -> None:
        number = os.read(self._reader, 1)[0]
        if number in _HEEDED:  # others that the process handles are told here too
            self._number = number


def _heard(_number: int, _frame: FrameType | None) -> None:
    """Nothing is left to do: the number is in the pipe; without a handler the signal would end the process."""
