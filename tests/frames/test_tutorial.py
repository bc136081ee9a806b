"""The tutorial does what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from automation.model.tag import DataType
from automation.observers.historian.rows import Row
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database

NOTEBOOK = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "history.ipynb"
END = 1_800_000_000
S = 1_000_000


def code_cells() -> list[dict[str, Any]]:
    return [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


@pytest.fixture
def database(tmp_path: Path) -> str:
    """An hour of a level, one sample a second, and of a pump that runs every other ten minutes."""
    url = f"sqlite:///{tmp_path / 'history.db'}"
    opened = Database(url)
    opened.migrate("history")
    level = [Row("TK101.LT", DataType.FLOAT, (END - 3600 + i) * S, i / 100, 0) for i in range(3600)]
    pump = [Row("P101A.RUN", DataType.BOOL, (END - 3600 + i * 600) * S, i % 2 == 1, 0) for i in range(6)]
    SqlHistoryStore(opened).append([*level, *pump], END * S)
    opened.close()
    return url


def test_every_cell_of_the_tutorial_runs(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HISTORY_DATABASE", database)
    monkeypatch.setenv("HISTORY_END", str(END))
    found: dict[str, Any] = {"__name__": "tutorial"}

    for cell in code_cells():
        exec(compile("".join(cell["source"]), NOTEBOOK.name, "exec"), found)  # noqa: S102 - our own notebook

    assert len(found["raw"]) == 3606
    assert len(found["table"]) == 60
    assert found["hours"]["delta"].tolist() == pytest.approx([5.99, 6.0, 6.0, 6.0, 6.0, 6.0])
    assert found["states"]["duration_in_state"].iloc[0] == '{"false": 1800.0, "true": 1800.0}'
    assert found["arrow"].num_rows == 3606


def test_the_tutorial_is_kept_without_output() -> None:
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code_cells())
