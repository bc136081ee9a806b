"""Settings of the interpreter that a controller needs."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version

_YOUNG_MAX = 50_000  # objects between two looks for garbage


def tune_interpreter(switch_interval_s: float = 0.0005) -> None:
    """Hand the interpreter to waiting threads sooner and keep long-lived objects out of the garbage collector's way.

    Call once after start-up. switch_interval_s: the longest a Python thread runs before another gets its turn.
    """
    sys.setswitchinterval(switch_interval_s)
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_MAX, 20, 100)


@contextmanager
def nearly_all_stays() -> Iterator[None]:
    """A stretch of work whose objects nearly all stay: nothing is looked through for garbage meanwhile.

    After much work not afterwards either: a look through hundreds of thousands of new objects would stop every thread for as
    many microseconds. What is no longer referred to is freed as ever; only cycles made in such a stretch are kept for good. Not
    for two threads at once.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > _YOUNG_MAX:
            gc.freeze()
        if enabled:
            gc.enable()


def package_version() -> str:
    """The version of the installed distribution, ``0`` in a bare checkout."""
    try:
        return version("automation-runtime")
    except PackageNotFoundError:
        return "0"
