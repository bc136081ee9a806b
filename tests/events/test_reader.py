"""Pages of events are what a look at every row finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.events import questions
from automation.events.filter import EventFilter
from automation.events.index import EventIndex
from automation.events.reader import SqlEventLog, all_events
from automation.events.rules import Criticality, EventClass
from automation.events.view import event_view
from automation.model.alarm import Priority
from automation.model.errors import NotFoundError
from automation.model.event import Event
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.testing.databases import DIALECTS, scratch_database
from automation.testing.events import MemoryEventLog
from automation.testing.journal import MemoryJournal
from tests.events.stories import told

COMMENT = Event(time=2e6, kind="event.commented", subject="T1", message="comment: seen", actor="ana", details={"event": 7})
EVENTS = [*told(1, 400), COMMENT]
KEPT = MemoryJournal()
KEPT.append(EVENTS)
ORACLE = MemoryEventLog(KEPT)
TIMES = sorted({event.time for event in EVENTS})

maybe_time = st.none() | st.sampled_from(TIMES) | st.floats(TIMES[0] - 5000, TIMES[-1] + 5000)
TEXTS = (
    "",
    "",
    "T1",
    "klemmt",
    "störung",
    "to 1",
    "from 1 to 2",
    "SP2 PUT",
    "5",
    "T1.SP2 put from 1 to",
    "T12",
    "1 to 2 3 4 5 6 7",
    "50 % of",
    "1%_2",
    "\x1a",
    "nothing says this",
    "north",
)
filters = st.builds(
    EventFilter,
    start=maybe_time,
    end=maybe_time,
    classes=st.lists(st.sampled_from(EventClass), max_size=2).map(tuple),
    priority=st.none() | st.sampled_from(Priority),
    criticality=st.none() | st.sampled_from(Criticality),
    kind=st.sampled_from(("", "", "tag", "tag.put.", "alarm", "TAG", "login", "nope")),
    subject=st.sampled_from(("", "", "", "T1.SP1", "t1.sp1", "pumps", "ana")),
    actor=st.sampled_from(("", "", "ana", "system", "rest 1%_2", "nobody")),
    tag=st.sampled_from(("", "", "", "T3.SP0", "T4.SP2")),
    area=st.sampled_from(("", "", "north", "north/pumps", "nor", "south/nowhere")),
    text=st.sampled_from(TEXTS),
)


@pytest.fixture(scope="module", params=DIALECTS)
def log(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlEventLog]:
    with scratch_database(request.param, tmp_path_factory.mktemp("events")) as url:
        database = Database(url, durable=False)
        database.migrate("config")
        Journal(database).append(EVENTS)
        yield SqlEventLog(database, EventIndex(database))
        database.close()


@settings(deadline=None)
@given(wanted=filters, limit=st.sampled_from((1, 7, 1000)))
def test_a_page_is_what_matches(log: SqlEventLog, wanted: EventFilter, limit: int) -> None:
    found, expected = log.page(wanted, limit), ORACLE.page(wanted, limit)

    assert [event_view(item) for item in found.items] == [event_view(item) for item in expected.items]
    assert found.next == expected.next
    if found.next is not None:
        more, expected = log.page(wanted, limit, found.next), ORACLE.page(wanted, limit, found.next)
        assert ([item.row.seq for item in more.items], more.next) == ([item.row.seq for item in expected.items], expected.next)


@settings(deadline=None, max_examples=15)
@given(
    wanted=filters,
    few=st.sampled_from((0, 20)),
    many=st.sampled_from((1, 5000)),
    most=st.sampled_from((40, 2_000_000)),
    rare=st.sampled_from((3, 2000)),
)
def test_where_much_is_to_be_looked_through_another_way_finds_the_same(
    log: SqlEventLog, wanted: EventFilter, few: int, many: int, most: int, rare: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(questions, "FIRST_SPAN", 60)
        patch.setattr(questions, "_FEW_SOURCES", few)
        patch.setattr(questions, "_MANY_SOURCES", many)
        patch.setattr(questions, "_SPAN_MAX", most)
        patch.setattr(questions, "_PROVEN_MAX", most // 4)
        patch.setattr(questions, "_PROVEN_SPAN", 40)
        patch.setattr(questions, "_RARE", rare)
        found = [item.row.seq for item in all_events(log, wanted, 10_000)]

    assert found == [item.row.seq for item in ORACLE.page(wanted, 10_000).items]


def test_every_event_is_read_page_by_page(log: SqlEventLog) -> None:
    seqs = [item.row.seq for item in all_events(log, EventFilter(), 10_000)]

    assert seqs == list(range(len(EVENTS), 0, -1))
    assert len(list(all_events(log, EventFilter(), 10))) == 10


def test_an_event_is_found_with_its_comments(log: SqlEventLog) -> None:
    assert log.get(7).comments == 1
    assert [item.row.message for item in log.comments(7)] == ["comment: seen"]
    assert log.comments(8) == []
    assert log.get(8).row.seq == 8


@pytest.mark.parametrize("seq", [0, -1, 10_000, 2**63, 2**70])
def test_an_event_that_is_not_there_is_named(log: SqlEventLog, seq: int) -> None:
    with pytest.raises(NotFoundError, match=f"unknown event {seq}"):
        log.get(seq)
