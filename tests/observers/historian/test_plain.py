"""Plain rows beside the history, as other programs read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from automation.model.quality import Quality
from automation.model.tag import DataType
from automation.observers.historian.plain import PlainRows
from automation.observers.historian.rows import Row
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database
from automation.testing.databases import DIALECTS, scratch_database

pytestmark = pytest.mark.contract

S = 1_000_000
DAY = 86_400 * S
TODAY = 20_000 * DAY


class Plant:
    """A store with plain rows of two days and tags T*, at noon."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = (TODAY + DAY // 2) / S
        self.plain = PlainRows(database, ["T*"], 2, lambda: self.now)
        self.store = SqlHistoryStore(database, self.plain)

    def record(self, *rows: Row) -> None:
        self.store.append(rows, 0)

    def seen(self) -> Sequence[tuple[Any, ...]]:
        """What the view shows, with the time as microseconds."""
        with self.database.begin() as connection:
            found = connection.execute(sa.text("SELECT time, tag, value, text, quality FROM history_rows ORDER BY tag, time"))
            return [(_micros(row.time), *tuple(row)[1:]) for row in found]


def _micros(time: datetime | str) -> int:
    moment = datetime.fromisoformat(time) if isinstance(time, str) else time
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * S)


@pytest.fixture(params=DIALECTS)
def plant(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Plant]:
    with scratch_database(request.param, tmp_path) as url:
        database = Database(url)
        database.migrate("history")
        yield Plant(database)
        database.close()


def row(time: int, value: Any, tag: str = "T1", kind: DataType = DataType.FLOAT, quality: int = 0) -> Row:
    return Row(tag, kind, time, value, quality)


def test_samples_of_every_type_are_rows_with_name_time_and_quality(plant: Plant) -> None:
    text = "a\tb\\c\nd 'é' \\N"
    plant.record(
        row(TODAY + 250_000, 1.5),
        row(TODAY + S, None, quality=int(Quality.BAD)),
        row(TODAY, text, "T2", DataType.STRING),
        row(TODAY, True, "T3", DataType.BOOL),
        row(TODAY, 2**60, "T4", DataType.INT),
        row(TODAY, 9.0, "OTHER"),
    )

    assert plant.seen() == [
        (TODAY + 250_000, "T1", 1.5, None, 0),
        (TODAY + S, "T1", None, None, int(Quality.BAD)),
        (TODAY, "T2", None, text, 0),
        (TODAY, "T3", 1.0, None, 0),
        (TODAY, "T4", float(2**60), str(2**60), 0),
    ]


def test_a_row_that_is_there_already_stays_and_the_others_are_taken(plant: Plant) -> None:
    plant.record(row(TODAY, 1.0))
    plant.record(row(TODAY + S, 2.0), row(TODAY, 9.0), row(TODAY + S, 9.0))
    plant.record(row(TODAY + 2 * S, 3.0), row(TODAY, 9.0))

    assert [(time - TODAY, value) for time, _, value, *_ in plant.seen()] == [(0, 1.0), (S, 2.0), (2 * S, 3.0)]


def test_days_that_are_too_old_are_neither_taken_nor_kept(plant: Plant) -> None:
    plant.record(row(TODAY - 3 * DAY, 0.0), row(TODAY - 2 * DAY, 1.0), row(TODAY - DAY, 2.0), row(TODAY, 3.0))
    assert [value for _, _, value, *_ in plant.seen()] == [1.0, 2.0, 3.0]

    plant.now += 86_400.0
    again = plant.plain.step(plant.now)

    assert again == (TODAY + 2 * DAY) / S
    assert [value for _, _, value, *_ in plant.seen()] == [2.0, 3.0]
    plant.record(row(TODAY + DAY, 4.0))
    assert [value for _, _, value, *_ in plant.seen()] == [2.0, 3.0, 4.0]


def test_rows_follow_a_rename_also_onto_a_name_that_has_some(plant: Plant) -> None:
    plant.record(row(TODAY, 1.0), row(TODAY, 20.0, "T2"), row(TODAY + S, 21.0, "T2"))

    plant.store.rename("T1", "T2")

    assert plant.seen() == [(TODAY, "T2", 1.0, None, 0), (TODAY + S, "T2", 21.0, None, 0)]


def test_a_transaction_that_fails_leaves_no_rows_and_the_next_one_finds_its_day(plant: Plant) -> None:
    plant.record(row(TODAY, 1.0))
    with suppress(RuntimeError), plant.database.begin() as connection:
        plant.plain.add(connection, [row(TODAY - DAY, 5.0)], {"T1": 1})
        raise RuntimeError("pulled")

    plant.record(row(TODAY - DAY, 6.0))

    assert [value for _, _, value, *_ in plant.seen()] == [6.0, 1.0]
