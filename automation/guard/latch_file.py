"""The latch's file: it survives the guard; what cannot be read counts as latched."""

from __future__ import annotations

import dataclasses
import fcntl
import json
import logging
import os
import threading
from pathlib import Path

from automation.guard.messages import estop_from_json, estop_to_json
from automation.model.errors import ConfigError
from automation.model.estop import EstopState
from automation.system.clock import RealClock, Stopwatch, VirtualClock
from automation.system.worker import Worker

log = logging.getLogger(__name__)

_LOCK_WAIT_S = 5.0
_LOCK_RETRY_S = 0.05


class LatchFile:
    """The file ``estop.json`` of the state folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "estop.json"
        self._new = folder / "estop.json.new"

    def load(self, latch_id: str, now: float) -> EstopState:
        """What the last guard saved; not latched if there is no file, latched under latch_id if it cannot be read."""
        try:
            text = self._path.read_text("utf-8")
        except FileNotFoundError:
            return EstopState(epoch=int(now))
        except (OSError, UnicodeDecodeError) as error:
            return self._unreadable(error, latch_id, now)
        try:
            state = estop_from_json(json.loads(text))
        except (ValueError, RecursionError) as error:
            return self._unreadable(error, latch_id, now)
        # The clock keeps epochs apart where the file was lost, the file where the clock was set back.
        return dataclasses.replace(state, epoch=max(state.epoch, int(now)))

    def _unreadable(self, error: Exception, latch_id: str, now: float) -> EstopState:
        log.error("%s cannot be read, so the emergency stop is latched: %s", self._path, error)
        reason = f"the saved state of the emergency stop could not be read: {error}"
        return EstopState(latched=True, id=latch_id, epoch=int(now), reason=reason[:200], actor="guard", time=now)

    def save(self, state: EstopState) -> None:
        """Replace the file as a whole, on the disk before this returns. Raises ``OSError``."""
        descriptor = os.open(self._new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
            os.write(descriptor, json.dumps(estop_to_json(state), indent=1).encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(self._new, self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class LatchSaver:
    """Saves the latch on a thread of its own, so that a hung disk delays no trip."""

    def __init__(self, file: LatchFile, clock: RealClock | VirtualClock) -> None:
        self._file = file
        self._wanted: EstopState | None = None
        self._kept: EstopState | None = None
        self._worker = Worker("guard-latch", self.step, None, clock, expected=(OSError,))

    @property
    def saved(self) -> bool:
        """True if the newest state is on the disk."""
        return self._wanted is self._kept

    def start(self) -> None:
        """Begin to save."""
        self._worker.start()
        self._worker.wake()

    def stop(self, timeout_s: float = 1.0) -> None:
        """Save what is left, if the disk answers in time."""
        self._worker.stop(timeout_s)
        if not self.saved:
            log.error("the last state of the emergency stop could not be saved")

    def post(self, state: EstopState) -> None:
        """Save the state soon; only the newest counts."""
        self._wanted = state
        self._worker.wake()

    def step(self, _now: float) -> None:
        """Save until the newest state is on the disk; tried again later where the disk fails."""
        while (wanted := self._wanted) is not self._kept and wanted is not None:
            self._file.save(wanted)
            self._kept = wanted


def lock_folder(folder: Path, wait_s: float = _LOCK_WAIT_S) -> int:
    """Own the state folder until the process ends, so that two guards never drive one site; returns the lock's descriptor.

    Waits for a guard that is just ending. Raises ``ConfigError`` if the folder cannot be used or its owner stays.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder / "guard.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ConfigError(f"guard: state folder {folder}: {error.strerror or error}") from error
    watch = Stopwatch()
    pause = threading.Event()
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if watch.elapsed_s() > wait_s:
                os.close(descriptor)
                raise ConfigError(f"guard: state folder {folder} is owned by another guard that does not end") from error
            pause.wait(_LOCK_RETRY_S)
        else:
            return descriptor
