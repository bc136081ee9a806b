"""What the tests of the demo plant share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from apps.demo_plant.manifest import APP
from apps.demo_plant.physics import Plant
from automation.testing.lockstep import LockStep


@pytest.fixture(autouse=True)
def _nothing_left_behind(nothing_left_behind: None) -> None:
    """Every test fails that leaves a thread or a socket behind."""


@pytest.fixture
def plant() -> Plant:
    """A plant with its usual noise."""
    return Plant()


@pytest.fixture
def station(plant: Plant) -> Iterator[LockStep]:
    """The application's machines over the plant, moved on by ``run``."""
    with LockStep(APP, plant, period_s=0.2) as station:
        yield station
