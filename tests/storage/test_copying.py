"""Copies of databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from automation.model.errors import StorageError
from automation.model.event import Event
from automation.storage.copying import check_file, configuration_sums, copy_configuration, copy_file, is_fresh
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.testing.databases import DIALECTS, scratch_database


@pytest.fixture(params=[pytest.param(name, marks=() if name == "sqlite" else pytest.mark.contract) for name in DIALECTS])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind."""
    with scratch_database(request.param, tmp_path) as url:
        database = Database(url)
        yield database
        database.close()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    """A configuration in a file, with some rows."""
    database = Database(f"sqlite:///{tmp_path / 'config.db'}")
    database.migrate("config")
    journal = Journal(database)
    journal.append([Event(time=1.5 + i, kind="k", subject=f"s{i}", message="Grüße ✓", details={"on": True}) for i in range(12)])
    with database.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO reference_points (segment, km_mm, latitude, longitude) VALUES ('A', 7, 48.1234567890123, -0.1)"
        )
    yield database
    database.close()


def untold(_progress: float) -> None:
    """Nobody listens."""


def test_a_configuration_comes_back_from_any_database_as_it_was(file: Database, other: Database, tmp_path: Path) -> None:
    back = Database(f"sqlite:///{tmp_path / 'back.db'}")
    told: list[float] = []

    there = copy_configuration(file, other, told.append)
    again = copy_configuration(other, back, untold)

    assert there == again == configuration_sums(file)
    assert there["journal"].rows == 12
    assert told[-1] == 1.0
    assert told == sorted(told)
    assert Journal(back).verify() is None
    back.close()


def test_what_the_target_had_is_replaced(file: Database, other: Database) -> None:
    other.migrate("config")
    Journal(other).append([Event(time=9.0, kind="old", subject="old", message="old")])

    assert copy_configuration(file, other, untold) == configuration_sums(other)


def test_rows_that_come_after_a_copy_are_numbered_after_those_that_came_with_it(file: Database, other: Database) -> None:
    copy_configuration(file, other, untold)

    table = sa.Table("reference_points", sa.MetaData(), autoload_with=other.engine)
    with other.begin() as connection:
        connection.execute(table.insert().values(segment="B", km_mm=8, latitude=0.0, longitude=0.0))
        assert [row.id for row in connection.execute(sa.select(table.c.id).order_by(table.c.id))] == [1, 2]


def test_only_what_nobody_has_used_is_fresh(file: Database, other: Database, tmp_path: Path) -> None:
    assert is_fresh(other, tmp_path)
    assert not is_fresh(file, tmp_path)


def test_a_file_is_copied_while_it_is_written_to(file: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    journal = Journal(file)

    def write(progress: float) -> None:
        if progress < 1.0:
            journal.append([Event(time=100.0, kind="k", subject="s", message="m" * 5000)])

    copy_file(tmp_path / "config.db", target, write)

    check_file(target)
    copied = Database(f"sqlite:///{target}")
    assert Journal(copied).verify() is None
    copied.close()


def test_a_damaged_file_is_told(file: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    copy_file(tmp_path / "config.db", target, untold)
    content = bytearray(target.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    target.write_bytes(content)

    with pytest.raises(StorageError, match=r"copy\.db"):
        check_file(target)


def test_a_file_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no such file"):
        copy_file(tmp_path / "none.db", tmp_path / "copy.db", untold)
    assert not (tmp_path / "none.db").exists()


def test_a_copy_that_cannot_be_finished_leaves_the_target_as_it_was(file: Database, other: Database) -> None:
    other.migrate("config")
    Journal(other).append([Event(time=9.0, kind="old", subject="old", message="old")])
    before = configuration_sums(other)

    def fail(progress: float) -> None:
        if progress > 0.5:
            raise sqlite3.OperationalError("the disk is gone")

    with pytest.raises(sqlite3.OperationalError):
        copy_configuration(file, other, fail)

    assert configuration_sums(other) == before
