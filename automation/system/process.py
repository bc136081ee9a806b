"""Settings of the interpreter that a controller needs."""

from __future__ import annotations

import gc
import sys
from importlib.metadata import PackageNotFoundError, version


def tune_interpreter(switch_interval_s: float = 0.0005) -> None:
    """Hand the interpreter to waiting threads sooner and keep long-lived objects out of the garbage collector's way.

    Call once after start-up. switch_interval_s: the longest a Python thread runs before another gets its turn.
    """
    sys.setswitchinterval(switch_interval_s)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def package_version() -> str:
    """The version of the installed distribution, ``0`` in a bare checkout."""
    try:
        return version("automation-runtime")
    except PackageNotFoundError:
        return "0"
