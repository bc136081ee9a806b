"""Files of history, made by a process of their own out of a real database."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from automation.model.errors import BudgetError, ConflictError, StorageError
from automation.model.tag import DataType
from automation.observers.historian.queries.budget import Budget
from automation.observers.historian.queries.question import Mode, Question
from automation.observers.historian.rows import Row
from automation.observers.historian.sql import SqlHistoryStore
from automation.runtime.exports import ExportProcesses
from automation.storage.database import Database

pytestmark = [pytest.mark.process, pytest.mark.timeout(60)]

S = 1_000_000
T0 = 1_700_000_000 * S
COUNT = 25_000


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with a ramp of one sample a second."""
    url = f"sqlite:///{tmp_path_factory.mktemp('history') / 'history.db'}"
    database = Database(url)
    database.migrate("history")
    rows = [Row("A", DataType.FLOAT, T0 + i * S, float(i), 0) for i in range(COUNT)]
    SqlHistoryStore(database).append(rows, T0 + COUNT * S)
    database.close()
    return url


def question(**more: Any) -> Question:
    return Question(**{"mode": Mode.RAW, "tags": ("A",), "low": T0, "high": T0 + COUNT * S, **more})


def test_every_sample_is_in_the_file(url: str) -> None:
    data = b"".join(ExportProcesses(url, Budget())(question(), "csv"))

    rows = list(csv.reader(io.StringIO(data.decode())))
    assert [float(row[2]) for row in rows[1:]] == [float(i) for i in range(COUNT)]
    assert rows[1][1] == "2023-11-14T22:13:20+00:00"


def test_parquet_comes_from_the_same_process(url: str) -> None:
    data = b"".join(ExportProcesses(url, Budget())(question(mode=Mode.TABLE, step="10s"), "parquet"))

    table = pq.read_table(io.BytesIO(data))
    assert table.column_names == ["time", "A", "A quality"]
    assert table.column("A").to_pylist() == [float(i) for i in range(0, COUNT, 10)]


def test_what_is_too_much_is_refused_before_the_file_begins(url: str) -> None:
    with pytest.raises(BudgetError, match="the range is"):
        ExportProcesses(url, Budget(days=0.1))(question(), "csv")


def test_a_file_that_is_too_much_in_the_middle_ends_in_an_error(url: str) -> None:
    pieces = ExportProcesses(url, Budget(samples=COUNT - 1))(question(), "csv")

    with pytest.raises(StorageError, match="could not be finished"):
        list(pieces)


def test_a_database_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no such table"):
        ExportProcesses(f"sqlite:///{tmp_path / 'empty.db'}", Budget())(question(), "csv")


def test_a_few_files_are_made_at_once_and_an_abandoned_one_makes_room(url: str) -> None:
    exports = ExportProcesses(url, Budget())
    first, second = exports(question(), "csv"), exports(question(), "csv")
    with pytest.raises(ConflictError, match="2 files are being made"):
        exports(question(), "csv")
    first.close()  # type: ignore[attr-defined]

    assert len(b"".join(exports(question(), "csv"))) == len(b"".join(second))
