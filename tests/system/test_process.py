"""The collector of garbage kept away from long stretches of work."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from automation.system.process import nearly_all_stays


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    gc.collect()
    gc.freeze()
    gc.enable()
    yield
    gc.enable()
    gc.collect()
    gc.freeze()


def looks_during(work: int) -> list[int]:
    """The generations that are looked through while so many objects are made, and right after that."""
    found: list[int] = []

    def tell(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            found.append(info["generation"])

    gc.callbacks.append(tell)
    try:
        with nearly_all_stays():
            kept = [[i] for i in range(work)]
        more = [[i] for i in range(10)]
    finally:
        gc.callbacks.remove(tell)
    assert (len(kept), len(more)) == (work, 10)
    return found


def test_much_work_is_never_looked_through_for_garbage() -> None:
    assert looks_during(200_000) == []


def test_after_little_work_the_objects_are_looked_through_as_ever() -> None:
    with nearly_all_stays():
        cycle: list[object] = []
        cycle.append(cycle)
        before = gc.get_freeze_count()
    del cycle

    assert gc.get_freeze_count() <= before
    assert gc.collect() >= 1


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()

    with nearly_all_stays():
        pass

    assert not gc.isenabled()


def test_work_that_fails_leaves_the_collector_on() -> None:
    with pytest.raises(ValueError, match="told"), nearly_all_stays():
        raise ValueError("told")

    assert gc.isenabled()
