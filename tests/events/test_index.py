"""The index follows from the journal, whatever is cut short."""

from __future__ import annotations

from pathlib import Path

import pytest

from automation.events import index as index_module
from automation.events.filter import EventFilter
from automation.events.index import EventIndex
from automation.events.reader import SqlEventLog
from automation.events.rules import EventClass
from automation.events.tables import comment_table, mark_table, row_table, source_table
from automation.model.event import Event
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.storage.retention import prune
from tests.events.stories import told


@pytest.fixture
def sqlite(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/config.db", durable=False)
    database.migrate("config")
    yield database
    database.close()


def content(database: Database) -> list[tuple]:
    """Every row of the index with what its source says."""
    tables = row_table.join(source_table, source_table.c.id == row_table.c.source_id)
    with database.begin() as connection:
        rows = [tuple(one) for one in connection.execute(tables.select().order_by(row_table.c.seq))]
        found = [(*row[:3], row[6], *row[8:]) for row in rows]  # without numbers of names and sources
        return [
            *found,
            *(tuple(one) for one in connection.execute(comment_table.select())),
            *connection.execute(mark_table.select()),
        ]


def commented(event: int) -> Event:
    return Event(time=5.0, kind="event.commented", subject="x", message="seen", details={"event": event})


def test_what_is_journalled_is_found_at_once(database: Database) -> None:
    journal = Journal(database)
    log = SqlEventLog(database, EventIndex(database))
    assert log.page(EventFilter(), 10).items == []

    journal.append([Event(time=1.0, kind="login", subject="ana", message="ana logged in", actor="ana"), commented(1)])

    newest, oldest = log.page(EventFilter(), 10).items
    assert (newest.row.seq, oldest.row.seq) == (2, 1)
    assert (oldest.rank.event_class, int(oldest.rank.priority), oldest.comments) == (EventClass.USER, 5, 1)


@pytest.mark.parametrize("pieces", [1, 7, 2000])
def test_an_index_made_in_pieces_is_the_same(sqlite: Database, monkeypatch: pytest.MonkeyPatch, pieces: int) -> None:
    Journal(sqlite).append([*told(2, 100), commented(3)])
    index = EventIndex(sqlite)
    index.begin()
    assert index.catch_up() == 101
    whole = content(sqlite)

    monkeypatch.setattr(index_module, "_AT_ONCE", pieces)
    monkeypatch.setattr(index_module, "_WIPED", 11)

    assert index.rebuild() == 101
    assert content(sqlite) == whole


def test_a_start_makes_up_for_a_rebuild_that_was_cut_short(sqlite: Database) -> None:
    Journal(sqlite).append([*told(3, 50), commented(3)])
    index = EventIndex(sqlite)
    index.begin()
    index.catch_up()
    whole = content(sqlite)
    with sqlite.begin() as connection:
        connection.execute(mark_table.update().values(seq=0))
        connection.execute(source_table.delete())

    EventIndex(sqlite).begin()
    assert EventIndex(sqlite).catch_up() == 51
    assert content(sqlite) == whole


def test_a_start_after_a_change_of_the_rules_makes_the_index_anew(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    Journal(sqlite).append(list(told(6, 20)))
    begun(sqlite, 20)
    begun(sqlite, 0)

    monkeypatch.setattr(index_module, "VERSION", 99)

    begun(sqlite, 20)
    begun(sqlite, 0)


def begun(database: Database, rows: int) -> None:
    index = EventIndex(database)
    index.begin()
    assert index.catch_up() == rows


def test_who_asks_while_very_much_is_missing_is_told_how_much(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "_AT_ONCE", 10)
    Journal(sqlite).append(list(told(7, 100)))
    index = EventIndex(sqlite)
    log = SqlEventLog(sqlite, index)

    first = log.page(EventFilter(), 5)
    due = [index.step(1000.0) for _ in range(3)]
    last = log.page(EventFilter(), 5)

    assert (first.items[0].row.seq, first.missing) == (30, 70)
    assert due == [1000.0, 1000.0, 1002.0]
    assert (last.items[0].row.seq, last.missing) == (100, 0)


def test_news_is_told_once_with_the_newest_number(sqlite: Database) -> None:
    index = EventIndex(sqlite)
    news: list[int] = []
    forget = index.on_news(news.append)
    Journal(sqlite).append(list(told(4, 5)))

    index.step(0.0)
    index.step(1.0)
    forget()
    Journal(sqlite).append(list(told(5, 1)))
    index.step(2.0)

    assert news == [5]


def test_what_was_removed_because_it_was_old_is_in_the_index_no_more(sqlite: Database) -> None:
    journal, index = Journal(sqlite), EventIndex(sqlite)
    journal.append([Event(time=float(at), kind="login", subject="ana", message="in") for at in range(10)])
    journal.append([commented(1), commented(9)])
    index.catch_up()

    prune(journal, 5.0, 100.0, also=index.prune)

    found = SqlEventLog(sqlite, index).page(EventFilter(), 100).items
    assert [item.row.seq for item in found] == list(range(13, 5, -1))
    assert found[0].row.kind == "journal.pruned"


def test_text_of_any_kind_is_indexed(database: Database) -> None:
    odd = Event(time=1.0, kind="k" * 100, subject="x" * 300, message="阀门 \0 \ud800 % _ \\ 7", actor="ü" * 200)
    Journal(database).append([odd])
    log = SqlEventLog(database, EventIndex(database))

    for text in ("阀门", "% _ \\ 7", "\\"):
        assert len(log.page(EventFilter(text=text), 10).items) == 1
    assert log.page(EventFilter(text="%%"), 10).items == []
