"""The journal proves that the log book is as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from automation.commands.audit import Audit
from automation.commands.logbook import LogbookCommands
from automation.logbook.check import LogbookCheck, check_logbook
from automation.logbook.entry import Content
from automation.logbook.sql import SqlLogbook, entry_table, version_table
from automation.model.estop import EstopState
from automation.model.event import Event
from automation.security.principal import Principal, Role
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.storage.retention import prune
from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant

OTTO = Principal(name="otto", role=Role.OPERATOR)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/config.db", durable=False)
    database.migrate("config")
    yield database
    database.close()


@pytest.fixture
def commands(database: Database, clock: FakeClock) -> LogbookCommands:
    plant = ServedPlant(clock)
    journal = Journal(database)
    audit = Audit(journal, clock, EstopState)
    return LogbookCommands(audit, SqlLogbook(database, journal), plant.records.plan, plant.cvt, plant.alarms, clock)


@pytest.fixture
def written(commands: LogbookCommands, clock: FakeClock) -> LogbookCommands:
    """Two entries, the first of which was corrected."""
    content = Content(time=clock.now() - 0.1, category="note", text="阀门 klemmt\nagain")
    commands.write(OTTO, content)
    commands.write(OTTO, content)
    commands.correct(OTTO, 1, 1, replace(content, text="gone"))
    return commands


def test_a_log_book_that_nobody_touched_is_whole(written: LogbookCommands, database: Database) -> None:
    assert check_logbook(database) == LogbookCheck(versions=3, unproven=0)


def test_a_version_that_was_edited_is_named(written: LogbookCommands, database: Database) -> None:
    with database.begin() as connection:
        first = version_table.update().where(version_table.c.entry == 1, version_table.c.version == 1)
        connection.execute(first.values(text="nothing"))

    assert check_logbook(database).broken == "entry 1 version 1 is not as it was written"


def test_a_version_that_was_removed_is_named(written: LogbookCommands, database: Database) -> None:
    with database.begin() as connection:
        connection.execute(version_table.delete().where(version_table.c.entry == 2))
        connection.execute(entry_table.delete().where(entry_table.c.id == 2))

    assert check_logbook(database).broken == "entry 2 version 1 is missing"


def test_a_version_that_nobody_journalled_is_named(written: LogbookCommands, database: Database) -> None:
    with database.begin() as connection:
        row = dict(connection.execute(version_table.select().where(version_table.c.entry == 2)).mappings().one())
        connection.execute(version_table.insert().values({**row, "version": 2, "text": "slipped in"}))

    assert check_logbook(database).broken == "entry 2 version 2 is not as it was written"


def test_versions_are_kept_though_their_proof_is_too_old(written: LogbookCommands, database: Database, clock: FakeClock) -> None:
    journal = Journal(database)
    journal.append([Event(time=clock.now() + 10, kind="login", subject="ana", message="in")])

    prune(journal, clock.now() + 5, clock.now() + 20)

    assert check_logbook(database) == LogbookCheck(versions=3, unproven=3)
