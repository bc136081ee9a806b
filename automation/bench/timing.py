"""Timing of short work in this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from automation.system.clock import Stopwatch

Work = Callable[[], int]


def rate(work: Work, seconds: float) -> float:
    """How many units per second work does when it is repeated for at least that long; it returns how many it did."""
    units = 0
    watch = Stopwatch()
    while watch.elapsed_s() < seconds:
        units += work()
    return units / watch.elapsed_s()


def rates(works: Sequence[Work], *, runs: int, seconds: float) -> Sequence[Sequence[float]]:
    """The rates of several works, run in turn, so that what else the machine does falls on all of them alike."""
    found: list[list[float]] = [[] for _ in works]
    for work in works:
        work()  # warm caches are what a runtime has after its first second
    for _ in range(runs):
        for work, values in zip(works, found, strict=True):
            values.append(rate(work, seconds))
    return found
