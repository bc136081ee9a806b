"""``automation journal``: whether it is whole, and its index made anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from automation.cli.main import app
from automation.logbook.entry import Content, Version
from automation.logbook.sql import SqlLogbook, version_table
from automation.model.errors import ConfigError
from automation.model.event import Event
from automation.observers.alarms.journal.filter import RowFilter
from automation.observers.alarms.journal.reader import SqlAlarmJournal
from automation.runtime.stores import own_data_folder
from automation.storage.database import Database
from automation.storage.journal import Journal, journal_table
from automation.storage.retention import prune

RUNNER = CliRunner()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "site.toml"
    file.write_text(f'[site]\ndata = "{tmp_path / "data"}"\n')
    return file


@pytest.fixture
def database(config: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{config.parent / 'data' / 'config.db'}")
    database.migrate("config")
    rows = [Event(time=float(i), kind="alarm.commented", subject=f"A{i}", message="told by a test") for i in range(1, 1201)]
    Journal(database).append(rows)
    yield database
    database.close()


def verify(config: Path) -> tuple[int, str]:
    result = RUNNER.invoke(app, ["journal", "verify", "--config", str(config)])
    return result.exit_code, result.output


def tamper(database: Database, statement: sa.Executable) -> None:
    with database.begin() as connection:
        assert connection.execute(statement).rowcount > 0


def test_a_journal_that_is_whole_tells_how_many_rows_it_has(config: Path, database: Database) -> None:
    assert verify(config) == (0, "journal: 1,200 rows, every one whole\n")


def test_rows_that_were_removed_because_they_were_old_are_told(config: Path, database: Database) -> None:
    prune(Journal(database), 1001.0, 2000.0)

    assert verify(config) == (0, "journal: 201 rows, every one whole; 1,000 before them were removed because they were old\n")


def test_a_row_that_was_changed_is_named(config: Path, database: Database) -> None:
    tamper(database, journal_table.update().where(journal_table.c.seq == 1100).values(actor="somebody else"))

    code, words = verify(config)

    assert code == 1
    assert words.startswith("journal: row 1100 is not as it was written")


@pytest.mark.parametrize("first", [1, 500, 1000])
def test_a_row_that_was_removed_is_named(config: Path, database: Database, first: int) -> None:
    tamper(database, journal_table.delete().where(journal_table.c.seq == first))

    code, words = verify(config)

    assert code == 1
    assert words.startswith(f"journal: row {first} is missing")


def test_a_tail_that_was_removed_is_named(config: Path, database: Database) -> None:
    tamper(database, journal_table.delete().where(journal_table.c.seq > 1150))

    code, words = verify(config)

    assert code == 1
    assert words.startswith("journal: row 1151 is missing")


def test_the_index_is_made_anew(config: Path, database: Database) -> None:
    result = RUNNER.invoke(app, ["journal", "index", "--config", str(config)])

    assert (result.exit_code, result.output) == (0, "journal: indexed anew; it has 1,200 rows\n")
    assert len(SqlAlarmJournal(database).page(RowFilter(alarm="A7"), 10).items) == 1


def test_the_index_is_not_made_anew_while_the_runtime_runs(config: Path, database: Database) -> None:
    with own_data_folder(config.parent / "data"):
        result = RUNNER.invoke(app, ["journal", "index", "--config", str(config)])

    assert isinstance(result.exception, ConfigError)
    assert "another runtime is using it" in str(result.exception)


def test_the_log_book_is_checked_against_the_journal(config: Path, database: Database) -> None:
    journal, content = Journal(database), Content(time=1.0, category="note", text="rough")

    def tell(version: Version, _old: Version | None) -> Event:
        details = {"entry": version.entry, "version": version.number, "digest": version.digest}
        return Event(time=2.0, kind="logbook.written", subject="log entry", message="told by a test", details=details)

    SqlLogbook(database, journal).write(content, "ana", 2.0, tell)
    assert verify(config)[1].endswith("log book: 1 version of an entry, every one as it was written\n")

    tamper(database, version_table.update().values(text="smooth"))

    code, told = verify(config)
    assert (code, "entry 1 version 1 is not as it was written" in told) == (1, True)
