"""What every test shares."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _nothing_left_behind(nothing_left_behind: None) -> None:
    """Every test fails that leaves a thread or a socket behind."""
