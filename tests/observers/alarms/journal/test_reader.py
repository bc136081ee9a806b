"""Pages of the alarm journal are what a look at every row finds."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.model.event import Event
from automation.observers.alarms.journal import questions
from automation.observers.alarms.journal.filter import OccurrenceFilter, RowFilter
from automation.observers.alarms.journal.index import AlarmIndex
from automation.observers.alarms.journal.reader import SqlAlarmJournal, all_rows
from automation.observers.alarms.journal.view import item_view
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.testing.alarm_journal import MemoryAlarmJournal
from automation.testing.databases import DIALECTS, scratch_database
from tests.observers.alarms.stories import told_rows, with_clock_steps

EVENTS: list[Event] = list(with_clock_steps(told_rows(1, steps=400), random.Random(1)))  # noqa: S311
ORACLE = MemoryAlarmJournal(EVENTS)
TIMES = sorted({event.time for event in EVENTS})
ALARMS = sorted({event.subject for event in EVENTS})

maybe_time = st.none() | st.sampled_from(TIMES) | st.floats(TIMES[0] - 5000, TIMES[-1] + 5000)
sources = {
    "start": maybe_time,
    "end": maybe_time,
    "area": st.sampled_from(("", "", "north", "north/pumps", "south", "nor", "south/nowhere")),
    "tag": st.sampled_from(("", "", "", "T0", "T3", "t3")),
    "alarm": st.sampled_from(("", "", "", *ALARMS[:6], "a0")),
    "priorities": st.lists(st.integers(1, 5), max_size=2).map(tuple),
    "text": st.sampled_from(("", "", "", "T1", "klemmt", "BLOCKED", "above 8", "nothing says this", "a2")),
}
row_filters = st.builds(
    RowFilter,
    **sources,
    events=st.lists(st.sampled_from(("raised", "returned", "shelved", "changed", "removed")), max_size=2).map(tuple),
    states=st.lists(st.sampled_from(("UNACK", "ACKED", "SHLVD", "NORM")), max_size=2).map(tuple),
    actor=st.sampled_from(("", "", "ana", "ben", "system", "nobody")),
)
occurrence_filters = st.builds(OccurrenceFilter, **sources, open=st.sampled_from((None, None, True, False)))


@pytest.fixture(scope="module", params=DIALECTS)
def journal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlAlarmJournal]:
    with scratch_database(request.param, tmp_path_factory.mktemp("journal")) as url:
        database = Database(url, durable=False)
        database.migrate("config")
        Journal(database).append(EVENTS)
        AlarmIndex(database, Journal(database)).catch_up()
        yield SqlAlarmJournal(database)
        database.close()


@settings(deadline=None)
@given(wanted=row_filters, limit=st.sampled_from((1, 7, 1000)))
def test_a_page_of_rows_is_what_matches(journal: SqlAlarmJournal, wanted: RowFilter, limit: int) -> None:
    expected = ORACLE.page(wanted, limit)
    found = journal.page(wanted, limit)

    assert [item_view(item) for item in found.items] == [item_view(item) for item in expected.items]
    assert found.next == expected.next
    if found.next is not None:
        more, expected = journal.page(wanted, limit, found.next), ORACLE.page(wanted, limit, found.next)
        assert ([item.row.seq for item in more.items], more.next) == ([item.row.seq for item in expected.items], expected.next)


@settings(deadline=None)
@given(wanted=occurrence_filters, limit=st.sampled_from((1, 7, 1000)))
def test_a_page_of_occurrences_is_what_matches(journal: SqlAlarmJournal, wanted: OccurrenceFilter, limit: int) -> None:
    found, expected = journal.occurrences(wanted, limit), ORACLE.occurrences(wanted, limit)

    assert [one.id for one in found.items] == [one.id for one in expected.items]
    assert found.next == expected.next


@settings(deadline=None, max_examples=20)
@given(wanted=row_filters)
def test_where_much_matches_another_way_finds_the_same(journal: SqlAlarmJournal, wanted: RowFilter) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for limit in ("_FEW_SOURCES", "_MANY_SOURCES", "_FEW_NOTES"):
            patch.setattr(questions, limit, 1)
        patch.setattr(questions, "_RARE", 2)
        found = journal.page(wanted, 1000)

    assert [item.row.seq for item in found.items] == [item.row.seq for item in ORACLE.page(wanted, 1000).items]


def test_every_row_is_read_page_by_page(journal: SqlAlarmJournal) -> None:
    seqs = [item.row.seq for item in all_rows(journal, RowFilter(), 10_000)]

    assert seqs == sorted(seqs, reverse=True)
    assert len(seqs) == len(EVENTS)
    assert len(list(all_rows(journal, RowFilter(), 10))) == 10
