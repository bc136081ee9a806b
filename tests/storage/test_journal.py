from __future__ import annotations

import math
import threading

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automation.model.errors import NotFoundError, StorageError
from automation.model.event import Event
from automation.storage.database import Database
from automation.storage.journal import Journal, head_table, journal_table
from automation.testing.journal import MemoryJournal


def event(kind: str = "tag.put", time: float = 1000.0, subject: str = "TK101.SP", **rest) -> Event:
    return Event(time=time, kind=kind, subject=subject, message=f"{subject} did", **rest)


@pytest.fixture
def sqlite(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/config.db", durable=False)
    database.migrate("config")
    yield database
    database.close()


@pytest.fixture
def journal(database) -> Journal:
    return Journal(database)


def execute(database: Database, statement: sa.Executable) -> int:
    with database.begin() as connection:
        return connection.execute(statement).rowcount


def test_an_empty_journal_is_whole(journal):
    assert journal.query() == []
    assert journal.verify() is None


def test_what_is_appended_is_found_again_newest_first(journal):
    journal.append([event(time=1000.25, actor="anna", origin="rest 127.0.0.1", details={"old": 1.5, "new": True, "why": None})])
    journal.append([event("alarm.raised"), event("alarm.acked", subject="TK101.H")])

    newest, middle, oldest = journal.query()
    assert (newest.seq, middle.seq, oldest.seq) == (3, 2, 1)
    assert (newest.kind, newest.subject) == ("alarm.acked", "TK101.H")
    assert (oldest.time, oldest.actor, oldest.origin) == (1000.25, "anna", "rest 127.0.0.1")
    assert oldest.details == {"old": 1.5, "new": True, "why": None}
    assert journal.verify() is None


def test_a_chain_goes_on_after_a_restart_and_beside_a_second_writer(database):
    first, second = Journal(database), Journal(database)
    for i in range(3):
        first.append([event(f"a.{i}")])
        second.append([event(f"b.{i}")])

    assert [row.seq for row in first.query()] == [6, 5, 4, 3, 2, 1]
    assert Journal(database).verify() is None


def test_writers_in_many_threads_and_journals_make_one_chain(database):
    journals = [Journal(database), Journal(database)]
    errors = []

    def write(number: int) -> None:
        try:
            for i in range(10):
                journals[number % 2].append([event(f"w{number}.{i}")])
        except StorageError as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert [row.seq for row in journals[0].query()] == list(range(40, 0, -1))
    assert journals[0].verify() is None


def test_also_is_kept_together_with_the_events(journal, database):
    with database.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE state (x INTEGER)")

    journal.append([event()], also=lambda c: c.execute(sa.text("INSERT INTO state VALUES (1)")))

    def fails(connection: sa.Connection) -> None:
        connection.execute(sa.text("INSERT INTO state VALUES (2)"))
        raise NotFoundError("gone")

    with pytest.raises(NotFoundError):
        journal.append([event("never")], also=fails)
    with pytest.raises(StorageError):
        journal.append([event("never")], also=lambda c: c.execute(sa.text("INSERT INTO nowhere VALUES (2)")))
    journal.append([event("after")])

    with database.begin() as connection:
        assert connection.execute(sa.text("SELECT x FROM state")).scalars().all() == [1]
    assert [(row.seq, row.kind) for row in journal.query()] == [(2, "after"), (1, "tag.put")]
    assert journal.verify() is None


def test_an_event_can_depend_on_what_the_transaction_finds(journal, database):
    with journal.transaction() as transaction:
        count = transaction.connection.execute(sa.select(sa.func.count()).select_from(journal_table)).scalar()
        transaction.add(event(f"count.{count}"))
        transaction.add(event("second"))

    assert [row.kind for row in journal.query()] == ["second", "count.0"]
    assert journal.verify() is None


def test_the_most_awkward_text_and_numbers_are_kept(journal):
    journal.append(
        [
            event(
                "login.failed" + "x" * 200,
                subject="\0\ud800 ' \" ; DROP TABLE journal; -- 😀" + "y" * 300,
                actor="ä" * 500,
                details={"n": math.nan, "i": math.inf, "big": 10**30, "s": "\0" * 5000, "k" * 500: "\udfff"},
            )
        ]
    )
    journal.append([Event(time=math.inf, kind="k", subject="", message="m" * 100_000)])
    journal.append([Event(time=math.nan, kind="k", subject="trailing space ", message="line\r\nline ")])

    rows = journal.query()
    assert journal.verify() is None
    assert rows[0].subject == "trailing space "
    assert rows[2].details["n"] == "nan"
    assert rows[2].details["big"] == 10**30
    assert "\0" not in rows[2].subject


def test_queries_narrow_by_kind_subject_time_and_place(journal):
    kinds = ["alarm.raised", "alarm.acked", "tag.put", "tag.put.refused", "tagXput", "login"]
    journal.append([event(kind, time=1000.0 + i, subject=f"S{i % 2}") for i, kind in enumerate(kinds)])

    assert [row.kind for row in journal.query("tag.put")] == ["tag.put.refused", "tag.put"]
    assert [row.kind for row in journal.query("alarm.")] == ["alarm.acked", "alarm.raised"]
    assert [row.kind for row in journal.query("%")] == []
    assert [row.kind for row in journal.query("ALARM")] == []
    assert [row.seq for row in journal.query(subject="S1")] == [6, 4, 2]
    assert [row.seq for row in journal.query(subject="s1")] == []
    assert [row.seq for row in journal.query(start=1001.0, end=1003.0)] == [3, 2]
    assert [row.seq for row in journal.query(limit=2)] == [6, 5]
    assert [row.seq for row in journal.query(limit=2, before_seq=5)] == [4, 3]
    assert [row.seq for row in journal.query(start=-math.inf, end=math.inf, before_seq=10**30, limit=10**30)] == [
        6,
        5,
        4,
        3,
        2,
        1,
    ]
    assert journal.query(subject="\0", kind_prefix="\ud800") == []
    assert journal.query(before_seq=-5) == []


def test_a_change_of_any_column_is_found_on_every_database(journal, database):
    journal.append([event(f"k.{i}") for i in range(5)])
    row = journal_table.c.seq == 3
    with database.begin() as connection:
        kept = dict(connection.execute(journal_table.select().where(row)).mappings().one())

    for column in (column.name for column in journal_table.columns if column.name != "seq"):
        execute(database, journal_table.update().where(row).values({column: 7 if column == "time_us" else "0" * 64}))
        assert journal.verify() == 3, column
        execute(database, journal_table.update().where(row).values({column: kept[column]}))
        assert journal.verify() is None


def test_a_journal_without_its_head_takes_nothing_more(sqlite):
    journal = Journal(sqlite)
    execute(sqlite, head_table.delete())
    with pytest.raises(StorageError, match="journal_head is missing"):
        journal.append([event()])


def test_a_row_made_unreadable_is_shown_and_named(sqlite):
    journal = Journal(sqlite)
    journal.append([event()])
    execute(sqlite, journal_table.update().values(details="{not json"))

    assert journal.query()[0].details == {"unreadable": "{not json"}
    assert journal.verify() == 1


def test_verify_walks_a_journal_longer_than_one_piece(sqlite):
    journal = Journal(sqlite)
    journal.append([event(f"k.{i}") for i in range(2500)])
    assert journal.verify() is None

    execute(sqlite, journal_table.update().where(journal_table.c.seq == 2222).values(actor="nobody"))
    assert journal.verify() == 2222


TEXT_COLUMNS = ("kind", "subject", "message", "actor", "origin", "details", "prev_hash", "hash")


@st.composite
def tamperings(draw):
    """A journal's length and a change that somebody makes behind its back, with the first row that must be named."""
    size = draw(st.integers(2, 8))
    seq = draw(st.integers(1, size))
    what = draw(st.sampled_from(["change", "time", "remove", "tail", "swap", "insert", "renumber", "head"]))
    column = draw(st.sampled_from(TEXT_COLUMNS))
    text = draw(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=20))
    return size, seq, what, column, text


def tamper(database: Database, size: int, seq: int, what: str, column: str, text: str) -> int | None:
    """Do it; the first row that is now wrong, None if nothing changed."""
    table, here = journal_table, journal_table.c.seq == seq
    with database.begin() as connection:
        rows = [dict(r) for r in connection.execute(table.select().order_by(table.c.seq)).mappings()]
        if what == "change":
            connection.execute(table.update().where(here).values({column: text}))
            return None if rows[seq - 1][column] == text else seq
        if what == "time":
            connection.execute(table.update().where(here).values(time_us=table.c.time_us + 1))
        elif what == "remove":
            connection.execute(table.delete().where(here))
        elif what == "tail":
            connection.execute(table.delete().where(table.c.seq >= seq))
        elif what == "swap":
            other = rows[seq % size]
            connection.execute(table.delete().where(table.c.seq.in_([seq, other["seq"]])))
            a, b = rows[seq - 1], dict(other)
            a["seq"], b["seq"] = b["seq"], a["seq"]
            connection.execute(table.insert(), [a, b])
            return min(a["seq"], b["seq"])
        elif what == "insert":
            connection.execute(table.insert().values({**rows[-1], "seq": size + 1, "message": text}))
            return size + 1
        elif what == "renumber":
            connection.execute(table.update().where(here).values(seq=size + 10))
        else:
            connection.execute(head_table.update().values(hash="f" * 64))
            return size
        return seq


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tamperings())
def test_any_change_or_removal_of_a_row_is_found(sqlite, tampering):
    size, *change = tampering
    with sqlite.begin() as connection:
        connection.execute(journal_table.delete())
        connection.execute(head_table.update().values(seq=0, hash="0" * 64))
    journal = Journal(sqlite)
    journal.append([event(f"k.{i}", time=1000.0 + i, details={"i": i}) for i in range(size)])
    assert journal.verify() is None

    broken = tamper(sqlite, size, *change)

    assert journal.verify() == broken


def test_posted_events_are_kept_by_the_next_step_in_order(sqlite):
    journal = Journal(sqlite)
    woken = []
    journal.on_post = lambda: woken.append(journal.waiting)
    for i in range(2500):
        journal.post(event(f"k.{i}"))
    assert journal.query() == []

    journal.step(2000.0)

    assert journal.waiting == 0
    assert woken[-1] == 2500
    assert [row.kind for row in journal.query(limit=3)] == ["k.2499", "k.2498", "k.2497"]
    assert journal.verify() is None


def test_a_full_queue_keeps_the_oldest_and_journals_how_many_were_lost(sqlite):
    journal = Journal(sqlite, capacity=3)
    for i in range(5):
        journal.post(event(f"k.{i}"))
    assert journal.lost == 2

    journal.step(2000.0)
    journal.post(event("later"))
    journal.step(2001.0)

    rows = journal.query()[::-1]
    assert [row.kind for row in rows] == ["k.0", "k.1", "k.2", "journal.overrun", "later"]
    assert (rows[3].details, rows[3].time) == ({"lost": 2}, 2000.0)


def test_posted_events_wait_while_the_database_fails(sqlite):
    journal = Journal(sqlite, capacity=2)
    execute(sqlite, sa.text("ALTER TABLE journal RENAME TO away"))
    for i in range(3):
        journal.post(event(f"k.{i}"))
    with pytest.raises(StorageError):
        journal.step(2000.0)
    assert journal.waiting == 2

    execute(sqlite, sa.text("ALTER TABLE away RENAME TO journal"))
    journal.step(2001.0)

    assert [row.kind for row in journal.query()] == ["journal.overrun", "k.1", "k.0"]
    assert journal.verify() is None


def test_posting_does_not_wait_for_a_writer_that_holds_the_journal(sqlite):
    journal = Journal(sqlite)
    with journal.transaction() as transaction:
        transaction.add(event("slow"))
        journal.post(event("quick"))
    journal.step(2000.0)

    assert [row.kind for row in journal.query()] == ["quick", "slow"]


def test_the_memory_journal_answers_queries_like_the_real_one(sqlite):
    real, memory = Journal(sqlite), MemoryJournal()
    events = [event(f"{'ab'[i % 2]}.{i}", time=1000.0 + i, subject=f"S{i % 3}", details={"i": i}) for i in range(12)]
    for journal in (real, memory):
        journal.append(events[:6])
        for posted in events[6:]:
            journal.post(posted)
        journal.step(2000.0)

    queries = [{}, {"kind_prefix": "a."}, {"subject": "S1"}, {"start": 1003.0, "end": 1009.0}, {"limit": 3, "before_seq": 7}]
    for query in queries:
        got = [(r.seq, r.time, r.kind, r.subject, r.details) for r in memory.query(**query)]
        assert got == [(r.seq, r.time, r.kind, r.subject, r.details) for r in real.query(**query)]
