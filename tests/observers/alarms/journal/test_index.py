"""The index follows from the journal, whoever writes it and whatever is cut short."""

from __future__ import annotations

import dataclasses
import random

import pytest
import sqlalchemy as sa

from automation.model.errors import StorageError
from automation.model.event import Event
from automation.observers.alarms.journal import index as index_module
from automation.observers.alarms.journal.filter import OccurrenceFilter, RowFilter
from automation.observers.alarms.journal.index import AlarmIndex
from automation.observers.alarms.journal.reader import SqlAlarmJournal
from automation.observers.alarms.journal.tables import mark_table, note_table, occurrence_table, row_table, source_table
from automation.observers.alarms.sql import SqlAlarmStore
from automation.storage.database import Database
from automation.storage.journal import Journal
from tests.observers.alarms.stories import Plant, row, told_rows, with_clock_steps

ALL = (row_table, note_table, occurrence_table)


@pytest.fixture
def sqlite(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/config.db", durable=False)
    database.migrate("config")
    yield database
    database.close()


def content(database: Database) -> list[list[tuple]]:
    """Everything in the index, with sources by what they say."""
    with database.begin() as connection:
        sources = {one.id: tuple(one)[1:] for one in connection.execute(source_table.select())}
        found = []
        for table in ALL:
            rows = []
            for record in connection.execute(table.select()).mappings():
                told = dict(record)
                if "source_id" in told:
                    told["source_id"] = sources[told["source_id"]]
                rows.append(tuple(told.values()))
            found.append(sorted(rows, key=lambda told: told[0]))
        return found


def test_rows_that_were_there_before_are_indexed_at_the_start(database):
    journal = Journal(database)
    journal.append([row("raised", 1.0), Event(time=2.0, kind="tag.put", subject="X", message="put"), row("returned", 3.0)])

    assert AlarmIndex(database, journal).catch_up() == 3
    assert AlarmIndex(database, journal).catch_up() == 0

    page = SqlAlarmJournal(database).page(RowFilter(), 10)
    assert [item.row.kind for item in page.items] == ["alarm.returned", "alarm.raised"]


def test_row_state_and_index_are_one_unit(database):
    store = SqlAlarmStore(database, Journal(database))
    with database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE alarm_rows RENAME TO alarm_rows_gone")

    with pytest.raises(StorageError):
        store.save([], [row("raised", 1.0)])

    assert Journal(database).query() == []
    with database.begin() as connection:
        assert connection.execute(sa.select(mark_table.c.seq)).scalar() == 0


def test_what_another_writer_left_is_taken_in_with_the_next_row(sqlite):
    journal = Journal(sqlite)
    store = SqlAlarmStore(sqlite, journal)
    journal.append([row("commented", 1.0, comment="from the command line")])

    store.save([], [row("raised", 2.0)])

    assert [item.row.seq for item in SqlAlarmJournal(sqlite).page(RowFilter(), 10).items] == [2, 1]


@pytest.mark.parametrize("pieces", [1, 7, 5000])
def test_an_index_made_in_pieces_is_the_one_that_was_written_with_the_rows(sqlite, monkeypatch, pieces):
    Plant(7, SqlAlarmStore(sqlite, Journal(sqlite))).live(200, 600.0)
    written = content(sqlite)

    monkeypatch.setattr(index_module, "_AT_ONCE", pieces)
    monkeypatch.setattr(index_module, "_WIPED", 11)
    AlarmIndex(sqlite, Journal(sqlite)).rebuild()

    assert content(sqlite) == written
    assert len(written[0]) > 100
    assert len(written[2]) > 10


def test_a_start_that_was_cut_short_goes_on_where_it_stopped(sqlite, monkeypatch):
    journal = Journal(sqlite)
    journal.append(list(with_clock_steps(told_rows(3), random.Random(3))))  # noqa: S311
    index = AlarmIndex(sqlite, journal)
    index.catch_up()
    whole = content(sqlite)
    monkeypatch.setattr(index_module, "_AT_ONCE", 10)

    def stop(so_far: int) -> None:
        if so_far >= 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.rebuild(stop)
    assert content(sqlite) != whole
    index.catch_up()

    assert content(sqlite) == whole


def test_a_rebuild_that_was_cut_short_while_it_emptied_the_tables_is_made_up_for(sqlite):
    journal = Journal(sqlite)
    journal.append(told_rows(4))
    index = AlarmIndex(sqlite, journal)
    index.catch_up()
    whole = content(sqlite)
    with sqlite.begin() as connection:
        connection.execute(mark_table.update().values(seq=0))
        connection.execute(occurrence_table.delete())

    index.catch_up()

    assert content(sqlite) == whole


def test_text_of_any_kind_is_indexed(database):
    journal = Journal(database)
    odd = dataclasses.replace(row("raised", 1.0, comment="阀门 \0 \ud800 % _ \\"), subject="x" * 300)
    journal.append([odd])

    AlarmIndex(database, journal).catch_up()

    assert len(SqlAlarmJournal(database).page(RowFilter(text="阀门"), 10).items) == 1
    assert len(SqlAlarmJournal(database).page(RowFilter(text="% _ \\"), 10).items) == 1
    assert SqlAlarmJournal(database).page(RowFilter(text="%%"), 10).items == []


def test_a_refused_command_is_no_row_of_an_alarm(sqlite):
    journal = Journal(sqlite)
    journal.append([Event(time=1.0, kind="alarm.shelve.refused", subject="A", message="no")])

    AlarmIndex(sqlite, journal).catch_up()

    assert SqlAlarmJournal(sqlite).page(RowFilter(), 10).items == []
    assert SqlAlarmJournal(sqlite).occurrences(OccurrenceFilter(), 10).items == []
