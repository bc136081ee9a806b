"""SIGTERM and Ctrl-C as something that can be waited for."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
from types import FrameType

log = logging.getLogger(__name__)


class StopSignal:
    """The wish of somebody outside that the process ends; any number of signals are one wish.

    The handler takes no lock and writes no log, because a second signal may come while it runs.
    """

    def __init__(self) -> None:
        self._number = 0
        self._reader = self._writer = -1

    @property
    def received(self) -> bool:
        """True from the first signal on."""
        return self._number != 0

    def heed(self) -> None:
        """Take SIGTERM and SIGINT from now on; main thread only."""
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def wait(self) -> None:
        """Return after the first signal; ``heed`` comes before."""
        os.read(self._reader, 1)
        log.info("stopping on %s", signal.Signals(self._number).name)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._number = self._number or number
        with contextlib.suppress(BlockingIOError):  # a full pipe has told already
            os.write(self._writer, b"\0")
