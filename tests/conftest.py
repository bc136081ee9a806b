"""What every test shares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from automation.storage.database import Database
from automation.testing.databases import DIALECTS, scratch_database

settings.register_profile("automation", settings.default, max_examples=int(os.environ.get("AUTOMATION_EXAMPLES", "50")))
settings.load_profile("automation")


@pytest.fixture(autouse=True)
def _nothing_left_behind(nothing_left_behind: None) -> None:
    """Every test fails that leaves a thread or a socket behind."""


@pytest.fixture(params=DIALECTS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the configuration, empty, of every kind that is supported."""
    with scratch_database(request.param, tmp_path) as url:
        database = Database(url)
        database.migrate("config")
        yield database
        database.close()
