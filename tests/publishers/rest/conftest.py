"""What the tests of the REST interface share."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the requests that are made up out, which takes seconds, of a run that leaves contracts out."""
    return True if collection_path.name == "test_contract.py" and "not contract" in config.option.markexpr else None
