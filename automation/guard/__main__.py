"""The guard's process: ``python -m automation.guard``, started by its runtime, which talks to it over standard input."""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import sys
from pathlib import Path
from typing import NamedTuple

from automation.guard.config import GuardConfig
from automation.guard.gateway import Gateway
from automation.guard.latch_file import LatchFile, lock_folder
from automation.guard.log import LineHandler
from automation.guard.service import Guard
from automation.model.errors import AutomationError, ConfigError
from automation.system.clock import RealClock
from automation.system.process import tune_interpreter

log = logging.getLogger("automation.guard")

_STDIN = 0
_STDOUT = 1
_LOOK_S = 0.25
_PRIORITY = 20
_ORDER_MAX = 1 << 24
STOP_WORD = b"stop"


class _Order(NamedTuple):
    """What the runtime says on the first line of standard input."""

    config: GuardConfig
    secret: str


def main() -> int:
    """Guard until the runtime ends or says stop; returns the exit code."""
    signals = _listen_to_signals()
    parent = os.getppid()
    clock = RealClock()
    handler = LineHandler(clock)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    try:
        order = _read_order()
        folder = Path(order.config.state_dir)
        lock_folder(folder)
        realtime = order.config.realtime and _ask_for_realtime()
        guard = Guard(order.config, LatchFile(folder), clock, realtime=realtime)
    except AutomationError as error:
        _say({"error": str(error)})
        handler.close()
        return 1
    gateway = Gateway(order.secret, guard.handle, clock, order.config.max_connections)
    tune_interpreter()
    guard.start()
    gateway.start()
    _say({"port": gateway.port, "pid": os.getpid()})
    in_order = _wait_for_end(signals, parent)
    guard.make_safe(in_order=in_order)
    gateway.stop()
    guard.stop()
    handler.close()
    return 0


def _listen_to_signals() -> int:
    """The descriptor on which signals arrive. Ctrl-C reaches every process of a terminal, but only the runtime decides on it."""
    receive, send = os.pipe()
    os.set_blocking(send, False)
    os.set_blocking(receive, False)
    signal.set_wakeup_fd(send, warn_on_full_buffer=False)
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    return receive


def _read_order() -> _Order:
    line = b""
    while not line.endswith(b"\n"):
        data = os.read(_STDIN, 65_536)
        if not data or len(line) > _ORDER_MAX:
            raise ConfigError("guard: no settings on standard input; the guard is started by its runtime")
        line += data
    try:
        message = json.loads(line)
        config, secret = message["config"], message["secret"]
    except (ValueError, TypeError, KeyError) as error:
        raise ConfigError("guard: the settings on standard input are not understood") from error
    if not isinstance(secret, str) or not secret:
        raise ConfigError("guard: the secret is missing")
    return _Order(GuardConfig.from_json(config), secret)


def _ask_for_realtime() -> bool:
    """True if the scheduler runs this process before all ordinary ones; needs a permission that most installations lack."""
    if not hasattr(os, "sched_setscheduler"):
        return False
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
    except OSError:
        return False
    return True


def _wait_for_end(signals: int, parent: int) -> bool:
    """Wait until the runtime is gone, says stop, or a signal comes; True unless the runtime is gone."""
    said = b""
    while True:
        ready, _, _ = select.select([_STDIN, signals], [], [], _LOOK_S)
        if signals in ready:
            log.info("asked to end by a signal")
            return True
        if _STDIN in ready:
            data = os.read(_STDIN, 4096)
            said += data
            if STOP_WORD in said:
                return True
            if not data:
                break
        elif os.getppid() != parent:
            break
    log.error("the runtime is gone: all outputs to safe")
    return False


def _say(message: dict[str, object]) -> None:
    try:
        os.write(_STDOUT, json.dumps(message).encode() + b"\n")
    except OSError:
        log.warning("the runtime does not listen")


if __name__ == "__main__":
    sys.exit(main())
