"""What every test shares."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("automation", settings.default, max_examples=int(os.environ.get("AUTOMATION_EXAMPLES", "50")))
settings.load_profile("automation")


@pytest.fixture(autouse=True)
def _nothing_left_behind(nothing_left_behind: None) -> None:
    """Every test fails that leaves a thread or a socket behind."""
