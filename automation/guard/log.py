"""Log lines that never make their writer wait: a reader who stands still costs lines, not time."""

from __future__ import annotations

import logging
import os
import time
from collections import deque

from automation.system.clock import RealClock
from automation.system.worker import Worker

_LINES_MAX = 1000
_STDERR = 2


class LineHandler(logging.Handler):
    """Writes one line per record to a descriptor, from a thread of its own; when it cannot keep up the oldest are lost."""

    def __init__(self, clock: RealClock, descriptor: int = _STDERR) -> None:
        super().__init__()
        formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s guard: %(message)s", "%Y-%m-%dT%H:%M:%S")
        formatter.converter = time.gmtime
        self.setFormatter(formatter)
        self._descriptor = descriptor
        self._lines: deque[bytes] = deque(maxlen=_LINES_MAX)
        self._worker = Worker("guard-log", self.step, None, clock)
        self._worker.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Leave the record for the thread."""
        line = self.format(record).replace("\n", " | ")
        self._lines.append(line.encode("utf-8", "replace") + b"\n")
        self._worker.wake()

    def step(self, _now: float) -> None:
        """Write what waits."""
        while self._lines:
            line = self._lines.popleft()
            try:
                os.write(self._descriptor, line)
            except OSError:
                self._lines.clear()  # the reader is gone

    def close(self) -> None:
        """Write what waits, if the reader takes it in time."""
        self._worker.stop(0.5)
        super().close()
