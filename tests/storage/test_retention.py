"""Old rows go, and what stays still shows any change."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa

from automation.model.errors import StorageError
from automation.model.event import Event
from automation.storage.database import Database
from automation.storage.journal import GENESIS, PRUNED, Journal, anchor_table, journal_table
from automation.storage.retention import prune


@pytest.fixture
def journal(database: Database) -> Journal:
    journal = Journal(database)
    journal.append([Event(time=float(i), kind="tag.put", subject=f"T{i}", message="put") for i in range(1, 101)])
    return journal


def execute(database: Database, statement: sa.Executable) -> None:
    with database.begin() as connection:
        assert connection.execute(statement).rowcount > 0


def test_rows_that_are_old_are_removed_and_the_rest_is_whole(journal: Journal) -> None:
    assert prune(journal, 41.0, 200.0) == 40
    assert prune(journal, 41.0, 200.0) == 0

    rows = journal.query()
    assert [row.seq for row in reversed(rows)] == list(range(41, 102))
    assert (rows[0].kind, rows[0].details["last"], rows[0].details["rows"]) == (PRUNED, 40, 40)
    assert journal.anchor() == 40
    assert journal.verify() is None


def test_the_removal_goes_piece_by_piece(journal: Journal) -> None:
    seen: list[int] = []

    assert [prune(journal, 51.0, 200.0, 20, lambda _connection, last: seen.append(last)) for _ in range(4)] == [20, 20, 10, 0]

    assert seen == [20, 40, 50]
    assert journal.verify() is None
    journal.append([Event(time=300.0, kind="later", subject="X", message="")])
    assert journal.verify() is None


def test_an_old_row_behind_a_young_one_stays(journal: Journal) -> None:
    journal.append([Event(time=5.0, kind="clock.back", subject="X", message="")])

    assert prune(journal, 41.0, 200.0) == 40
    assert journal.query(kind_prefix="clock") != []


def test_the_newest_row_stays(journal: Journal) -> None:
    assert prune(journal, 1e12, 200.0) == 99
    assert journal.verify() is None
    assert prune(journal, 1e12, 200.0) == 1
    assert [row.kind for row in journal.query()] == [PRUNED, PRUNED]
    assert journal.verify() is None


def test_what_fails_beside_it_removes_nothing(journal: Journal) -> None:
    def fail(_connection: sa.Connection, _last: int) -> None:
        raise StorageError("full")

    with pytest.raises(StorageError):
        prune(journal, 41.0, 200.0, also=fail)

    assert (len(journal.query()), journal.anchor()) == (100, 0)


@pytest.mark.parametrize("first", [41, 60])
def test_a_row_that_is_changed_after_a_removal_is_found(journal: Journal, database: Database, first: int) -> None:
    prune(journal, 41.0, 200.0)
    execute(database, journal_table.update().where(journal_table.c.seq == first).values(actor="somebody"))

    assert journal.verify() == first


def test_rows_that_nobody_says_to_have_removed_are_missed(journal: Journal, database: Database) -> None:
    prune(journal, 41.0, 200.0)
    with database.begin() as connection:
        digest = connection.execute(sa.select(journal_table.c.hash).where(journal_table.c.seq == 50)).scalar()
    execute(database, journal_table.delete().where(journal_table.c.seq <= 50))
    execute(database, anchor_table.update().values(seq=50, hash=digest))

    assert journal.verify() == 51


def test_an_anchor_that_is_set_back_is_found(journal: Journal, database: Database) -> None:
    prune(journal, 41.0, 200.0)
    execute(database, anchor_table.update().values(seq=0, hash=GENESIS))

    assert journal.verify() == 1


def test_nothing_is_removed_from_a_journal_that_is_not_whole(journal: Journal, database: Database) -> None:
    execute(database, journal_table.delete().where(journal_table.c.seq == 40))

    with pytest.raises(StorageError, match="row 40 is missing"):
        prune(journal, 41.0, 200.0)


def test_a_removal_while_the_journal_is_verified_is_no_damage(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automation.storage.journal._CHUNK", 10)
    begin, left = journal._database.begin, [3]

    def counted() -> AbstractContextManager[sa.Connection]:
        left[0] -= 1
        if left[0] == 0:
            assert prune(journal, 81.0, 200.0) == 80
        return begin()

    monkeypatch.setattr(journal._database, "begin", counted)

    assert journal.verify() is None
    assert left[0] < 0
